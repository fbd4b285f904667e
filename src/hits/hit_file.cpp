#include "ostrakon/hits/hit_file.hpp"

#include "ostrakon/store/codec.hpp"
#include "sealed_file.hpp"

#include <algorithm>
#include <string>

namespace ostrakon::hits {
namespace {

constexpr std::string_view kMagic = "OSTRHIT1";
constexpr std::size_t kHeadSize = 3 * sizeof(std::uint64_t);
constexpr std::size_t kCounterSize = 24;
constexpr std::size_t kSizeMax = kHeadSize + kCountersMax * kCounterSize;
constexpr const char* kWhat = "the counts of hits";

Unexpected<Error> damaged(const std::filesystem::path& file, const char* why) {
    return Unexpected{damaged_file(kWhat, file, why)};
}

Result<std::optional<Counts>> decode(std::string_view bytes, const std::filesystem::path& file) {
    using store::load_raw;
    if (bytes.size() < kHeadSize) {
        return damaged(file, "it does not begin as such a file does");
    }
    Counts counts;
    counts.since = {load_raw<std::int64_t>(bytes.data())};
    counts.saved = {load_raw<std::int64_t>(bytes.data() + 8)};
    const auto count = load_raw<std::uint64_t>(bytes.data() + 16);
    if (count > kCountersMax || bytes.size() != kHeadSize + count * kCounterSize) {
        return damaged(file, "its length is not that of its counters");
    }
    counts.counters.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        const char* const at = bytes.data() + kHeadSize + i * kCounterSize;
        const Counter counter{load_raw<std::uint32_t>(at),
                              load_raw<std::uint32_t>(at + 4),
                              load_raw<std::uint64_t>(at + 8),
                              {load_raw<std::int64_t>(at + 16)}};
        if (!counts.counters.empty() && counter.listing <= counts.counters.back().listing) {
            return damaged(file, "its counters are not in order");
        }
        counts.counters.push_back(counter);
    }
    return std::optional{std::move(counts)};
}

std::string encode(const Counts& counts) {
    std::string bytes;
    bytes.reserve(kHeadSize + counts.counters.size() * kCounterSize);
    store::append_raw(bytes, counts.since.seconds);
    store::append_raw(bytes, counts.saved.seconds);
    store::append_raw(bytes, std::uint64_t{counts.counters.size()});
    for (const Counter& counter : counts.counters) {
        store::append_raw(bytes, counter.listing);
        store::append_raw(bytes, counter.mark);
        store::append_raw(bytes, counter.hits);
        store::append_raw(bytes, counter.last.seconds);
    }
    return bytes;
}

}  // namespace

const Counter* Counts::find(store::ListingId listing, std::string_view subject) const {
    const auto found =
        std::lower_bound(counters.begin(), counters.end(), listing,
                         [](const Counter& a, store::ListingId b) { return a.listing < b; });
    return found != counters.end() && found->listing == listing && found->mark == mark_of(subject)
               ? &*found
               : nullptr;
}

std::uint32_t mark_of(std::string_view subject) noexcept {
    return static_cast<std::uint32_t>(hash_of(subject));
}

Result<std::optional<Counts>> read_counts(const std::filesystem::path& file) {
    const auto bytes = read_sealed(file, {kMagic, kSizeMax, kWhat});
    if (!bytes) {
        return Unexpected{bytes.error()};
    }
    return *bytes ? decode(**bytes, file) : std::optional<Counts>{};
}

Result<Done> write_counts(const std::filesystem::path& file, const Counts& counts) {
    return write_sealed(file, {kMagic, kSizeMax, kWhat}, encode(counts));
}

}  // namespace ostrakon::hits
