#include "ostrakon/server/query_ring.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace ostrakon::server {
namespace {

using RecordSize = std::uint16_t;  // in front of each record
static_assert(QueryRing::kRecordSizeMax <= 0xFFFF);
static_assert((QueryRing::kSize & (QueryRing::kSize - 1)) == 0);

}  // namespace

void QueryRing::put(std::span<const std::uint8_t> record) noexcept {
    const std::uint64_t end = end_.load(std::memory_order_relaxed);
    const std::uint64_t begin = begin_.load(std::memory_order_acquire);
    const std::size_t needed = sizeof(RecordSize) + record.size();
    if (record.empty() || record.size() > record_size_max_ || kSize - (end - begin) < needed) {
        lost_.store(lost_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        return;
    }
    const auto size = static_cast<RecordSize>(record.size());
    std::array<std::uint8_t, sizeof size> size_bytes{};
    std::memcpy(size_bytes.data(), &size, sizeof size);
    copy_in(end, size_bytes);
    copy_in(end + sizeof size, record);
    end_.store(end + needed, std::memory_order_release);
}

std::size_t QueryRing::take(std::span<std::uint8_t> buffer) noexcept {
    const std::uint64_t begin = begin_.load(std::memory_order_relaxed);
    if (begin == end_.load(std::memory_order_acquire)) {
        return 0;
    }
    std::array<std::uint8_t, sizeof(RecordSize)> size_bytes{};
    copy_out(begin, size_bytes);
    RecordSize size = 0;
    std::memcpy(&size, size_bytes.data(), sizeof size);
    copy_out(begin + sizeof size, buffer.first(size));
    begin_.store(begin + sizeof size + size, std::memory_order_release);
    return size;
}

void QueryRing::copy_in(std::uint64_t at, std::span<const std::uint8_t> bytes) noexcept {
    const std::size_t place = at & (kSize - 1);
    const std::size_t first = std::min(bytes.size(), kSize - place);
    std::memcpy(bytes_.get() + place, bytes.data(), first);
    std::memcpy(bytes_.get(), bytes.data() + first, bytes.size() - first);
}

void QueryRing::copy_out(std::uint64_t at, std::span<std::uint8_t> bytes) const noexcept {
    const std::size_t place = at & (kSize - 1);
    const std::size_t first = std::min(bytes.size(), kSize - place);
    std::memcpy(bytes.data(), bytes_.get() + place, first);
    std::memcpy(bytes.data() + first, bytes_.get(), bytes.size() - first);
}

}  // namespace ostrakon::server
