#include "unpack.hpp"

#include "archive_library.hpp"
#include "format.hpp"
#include "inflate.hpp"

#include <fmt/format.h>
#include <iconv.h>
#include <algorithm>
#include <array>
#include <bit>
#include <memory>

namespace ostrakon::feed {
namespace {

using namespace std::string_view_literals;

struct PackingMagic {
    std::string_view bytes;
    Packing packing;
};
constexpr auto kPackingMagics = std::to_array<PackingMagic>({
    {"\x1F\x8B"sv, Packing::Gzip},
    {"\x28\xB5\x2F\xFD"sv, Packing::Zstd},
    {"\xFD"
     "7zXZ\0"sv,
     Packing::Xz},
    {"BZh"sv, Packing::Bzip2},
    {"PK\x03\x04"sv, Packing::Zip},
});

Unexpected<Error> damaged(std::string_view file, Packing packing) {
    return refuse(
        file, fmt::format("is packed with {}, and damaged or cut off, or empty", name_of(packing)),
        "get it again");
}

// One packed file on its way out of libarchive.
class ArchiveReader {
public:
    ArchiveReader(const ArchiveLibrary& library, std::string_view file, std::string_view bytes,
                  std::size_t size_max)
        : library_(library),
          file_(file),
          bytes_(bytes),
          packing_(packing_of(bytes)),
          size_max_(size_max),
          archive_(library.read_new(), library.read_free) {}

    Result<std::string> read() {
        if (!archive_ || !open()) {
            return damaged(file_, packing_);
        }
        archive_entry* entry = nullptr;
        const int first = library_.next_header(archive_.get(), &entry);
        if (first == ARCHIVE_EOF) {
            return not_one_file();
        }
        if (first < ARCHIVE_WARN) {
            return damaged(file_, packing_);
        }
        if (packing_ == Packing::Zip && library_.entry_filetype(entry) != AE_IFREG) {
            return not_one_file();
        }
        if (library_.entry_is_encrypted(entry) != 0) {
            return refuse(file_, "is a zip archive with a password", "unpack it first");
        }
        auto content = read_content();
        if (content && library_.next_header(archive_.get(), &entry) != ARCHIVE_EOF) {
            return packing_ == Packing::Zip ? not_one_file() : damaged(file_, packing_);
        }
        return content;
    }

private:
    // Nothing but what the first bytes promise is tried, and only once: libarchive would unpack
    // what is packed twice, out of sight of the limits.
    bool open() {
        archive* const raw = archive_.get();
        if (packing_ == Packing::Zip) {
            library_.support_zip(raw);
        } else if (library_.append_filter(raw, filter_code()) == ARCHIVE_OK) {
            library_.support_raw(raw);
        } else {
            return false;
        }
        return library_.open_memory(raw, bytes_.data(), bytes_.size()) == ARCHIVE_OK;
    }

    int filter_code() const {
        switch (packing_) {
            case Packing::Xz:
                return ARCHIVE_FILTER_XZ;
            case Packing::Zstd:
                return ARCHIVE_FILTER_ZSTD;
            case Packing::Bzip2:
                return ARCHIVE_FILTER_BZIP2;
            case Packing::Gzip:
            case Packing::Zip:
            case Packing::None:
                break;
        }
        return ARCHIVE_FILTER_NONE;
    }

    Result<std::string> read_content() {
        constexpr std::size_t kRoom = std::size_t{1} << 16;
        const std::size_t limit = unpacked_size_max(bytes_.size(), size_max_);
        std::string content;
        std::array<char, kRoom> piece{};
        while (true) {
            const auto got = library_.read_data(archive_.get(), piece.data(), piece.size());
            if (got == 0) {
                return content;
            }
            if (got < 0) {
                return damaged(file_, packing_);
            }
            content.append(piece.data(), static_cast<std::size_t>(got));
            if (content.size() > limit) {
                return too_large_unpacked(file_, packing_, limit, size_max_);
            }
        }
    }

    Unexpected<Error> not_one_file() const {
        return refuse(file_, "is a zip archive or spreadsheet that does not hold just one file",
                      "unpack it, or save it as csv or plain text first");
    }

    const ArchiveLibrary& library_;
    std::string_view file_;
    std::string_view bytes_;
    Packing packing_;
    std::size_t size_max_;
    std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
};

}  // namespace

Packing packing_of(std::string_view bytes) {
    const auto* const found =
        std::find_if(kPackingMagics.begin(), kPackingMagics.end(),
                     [bytes](const PackingMagic& magic) { return bytes.starts_with(magic.bytes); });
    return found == kPackingMagics.end() ? Packing::None : found->packing;
}

std::string_view name_of(Packing packing) {
    constexpr std::array<std::string_view, 6> kPackingNames{"nothing", "gzip",  "xz",
                                                            "zstd",    "bzip2", "zip"};
    return kPackingNames[static_cast<std::size_t>(packing)];
}

std::size_t unpacked_size_max(std::size_t packed_size, std::size_t size_max) {
    return std::min(size_max, std::max(kRatioFreeSize, packed_size * kRatioMax));
}

Unexpected<Error> too_large_unpacked(std::string_view file, Packing packing, std::size_t limit,
                                     std::size_t size_max) {
    if (limit == size_max) {
        return refuse(file,
                      fmt::format("is packed with {} and has more than {} bytes unpacked",
                                  name_of(packing), size_max),
                      "split it");
    }
    return refuse(file,
                  fmt::format("is packed with {} to less than a {}th of its size, as no list is",
                              name_of(packing), kRatioMax),
                  "look at it; unpack it first if it is what it should be");
}

Result<Done> prepare_unpacking() {
    const auto library = load_archive_library();
    if (!library) {
        return Unexpected{library.error()};
    }
    // What names within zip archives are spelled in is converted; the tables for it are read once.
    if (const iconv_t converter = iconv_open("UTF-8", "ASCII");
        std::bit_cast<std::intptr_t>(converter) != -1) {
        iconv_close(converter);
    }
    return Done{};
}

Result<std::string> unpack_bytes(std::string_view file, std::string_view bytes,
                                 std::size_t size_max) {
    if (packing_of(bytes) == Packing::Gzip) {
        return inflate_gzip(file, bytes, size_max);
    }
    const auto library = load_archive_library();
    if (!library) {
        return Unexpected{library.error()};
    }
    return ArchiveReader{*library, file, bytes, size_max}.read();
}

}  // namespace ostrakon::feed
