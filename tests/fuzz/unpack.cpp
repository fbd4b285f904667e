// Property: any bytes that say they are packed are unpacked within their bounds, or refused.
#include "target.hpp"

#include "unpack.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace ostrakon;
    constexpr std::size_t kSizeMax = std::size_t{1} << 20;
    const std::string_view packed = fuzz::as_text(bytes, size);
    if (feed::packing_of(packed) == feed::Packing::None) {
        return 0;
    }
    const auto content = feed::unpack_bytes("list.txt", packed, kSizeMax);
    if (!content) {
        fuzz::require(content.error().code == ErrorCode::Usage && !content.error().why.empty(),
                      "a refusal says why");
        return 0;
    }
    fuzz::require(content->size() <= feed::unpacked_size_max(size, kSizeMax), "its size");
    const auto again = feed::unpack_bytes("list.txt", packed, kSizeMax);
    fuzz::require(again && *again == *content, "unpacking again gives the same");
    return 0;
}
