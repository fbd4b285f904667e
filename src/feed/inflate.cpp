#include "inflate.hpp"

#include "format.hpp"
#include "unpack.hpp"

#include <zlib.h>
#include <algorithm>
#include <limits>
#include <memory>

namespace ostrakon::feed {
namespace {

constexpr int kGzipWindowBits = 16 + MAX_WBITS;  // zlib.h: 16 more means gzip and nothing else
constexpr std::size_t kFirstRoom = std::size_t{1} << 16;

struct EndInflate {
    void operator()(z_stream* stream) const { inflateEnd(stream); }
};

// Packed bytes on their way into a string that grows.
class Inflater {
public:
    Inflater(std::string_view packed, std::size_t size_max) : rest_(packed), size_max_(size_max) {}

    bool is_too_large() const { return size_ > size_max_; }
    bool is_done() const { return is_done_; }

    /// Goes through all members; afterwards one of the two above is true, or the packed bytes are
    /// damaged or end too soon.
    void run() {
        while (!rest_.empty() && is_gzip(rest_) && run_member()) {
        }
    }
    std::string take() {
        unpacked_.resize(size_);
        return std::move(unpacked_);
    }

private:
    // True if this member ended as it should.
    bool run_member() {
        is_done_ = false;
        z_stream stream{};
        if (inflateInit2(&stream, kGzipWindowBits) != Z_OK) {
            return false;
        }
        const std::unique_ptr<z_stream, EndInflate> owner{&stream};
        for (int rc = Z_OK; rc == Z_OK;) {
            if (!make_room()) {
                return false;
            }
            feed(stream);
            const auto in_before = stream.avail_in;
            const auto out_before = stream.avail_out;
            rc = inflate(&stream, Z_NO_FLUSH);
            rest_.remove_prefix(in_before - stream.avail_in);
            size_ += out_before - stream.avail_out;
            is_done_ = rc == Z_STREAM_END;
        }
        return is_done_;
    }

    void feed(z_stream& stream) {
        constexpr std::size_t kStepMax = std::numeric_limits<uInt>::max();
        // zlib.h asks for a pointer to bytes that it does not change.
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest_.data()));
        stream.avail_in = static_cast<uInt>(std::min(rest_.size(), kStepMax));
        stream.next_out = reinterpret_cast<Bytef*>(unpacked_.data() + size_);
        stream.avail_out = static_cast<uInt>(std::min(unpacked_.size() - size_, kStepMax));
    }

    // One byte more than is allowed tells too much from just enough.
    bool make_room() {
        if (is_too_large()) {
            return false;
        }
        if (size_ == unpacked_.size()) {
            unpacked_.resize(std::min(std::max(kFirstRoom, 2 * size_), size_max_ + 1));
        }
        return true;
    }

    std::string_view rest_;
    std::size_t size_max_;
    std::string unpacked_;
    std::size_t size_ = 0;
    bool is_done_ = false;
};

}  // namespace

Result<std::string> inflate_gzip(std::string_view file, std::string_view bytes,
                                 std::size_t size_max) {
    const std::size_t limit = unpacked_size_max(bytes.size(), size_max);
    Inflater inflater{bytes, limit};
    inflater.run();
    if (inflater.is_too_large()) {
        return too_large_unpacked(file, Packing::Gzip, limit, size_max);
    }
    if (!inflater.is_done()) {
        return refuse(file, "is packed with gzip, and damaged or cut off", "get it again");
    }
    return inflater.take();
}

}  // namespace ostrakon::feed
