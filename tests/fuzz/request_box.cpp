// Property: whatever lies in the box of requests, taking it in neither fails nor keeps the file,
// and a request that comes of it is open, within its bounds and by nobody else than the box.
#include "target.hpp"

#include "ostrakon/policy/request_box.hpp"
#include "ostrakon/store/environment.hpp"
#include "support/temporary_directory.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>

namespace {

using namespace ostrakon;
using fuzz::require;

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "ostrakon request 1\n";
constexpr int kTakenMax = 100;  // before the database is made anew

class Box {
public:
    Box() {
        fs::create_directory(path());
        auto opened = store::Environment::open({.directory = directory_.path(),
                                                .access = store::Access::ReadWriteCreate,
                                                .size_bytes = std::uint64_t{1} << 28});
        require(opened.has_value(), opened ? "" : message(opened.error()));
        environment_.emplace(std::move(*opened));
    }
    fs::path path() const { return policy::request_box(directory_.path()); }

    void take(const std::string& reference, std::string_view bytes) {
        const fs::path file = path() / (reference + ".request");
        std::ofstream(file, std::ios::binary) << bytes;
        const auto taken = policy::take_in_requests(*environment_, path(),
                                                    {"box", "fuzz", UnixTime{1'800'000'000}});
        require(taken.has_value(), taken ? "" : message(taken.error()));
        require(!fs::exists(file), "its file is gone");
        if (taken->taken == 0) {
            return;
        }
        ++count;
        const auto found = policy::request_of_reference(*environment_, reference);
        require(found.has_value(), "what was taken in is there");
        require(found->state == policy::RequestState::Open && !found->decided &&
                    found->by == "box" && found->decision.empty(),
                "a stranger has decided nothing");
        require(!found->contact.empty() && found->contact.size() <= policy::kContactSizeMax &&
                    found->evidence.size() <= policy::kRequestEvidenceSizeMax,
                "its bounds");
    }

    int count = 0;

private:
    const test::TemporaryDirectory directory_;
    std::optional<store::Environment> environment_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static std::unique_ptr<Box> box;
    if (!box || box->count > kTakenMax) {
        box = std::make_unique<Box>();
    }
    const std::string_view text = fuzz::as_text(bytes, size);
    // Named after the reference inside, or it is refused for that alone.
    const auto read =
        policy::decode_request(0, text.starts_with(kMagic) ? text.substr(kMagic.size()) : text);
    const std::string inside = read ? policy::normalised_reference(read->reference) : std::string{};
    box->take(inside.empty() ? "7K2M-9QXD-4TRB-0ZWE" : inside, text);
    if (read) {
        const auto again = policy::decode_request(0, policy::encode(*read));
        require(again && policy::encode(*again) == policy::encode(*read),
                "a request is written as it was read");
    }
    return 0;
}
