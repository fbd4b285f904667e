// The proof that what is served equals what was decided: the index derived again and compared by
// content.
#include "ostrakon/policy/catalogue.hpp"
#include "ostrakon/policy/derive.hpp"
#include "ostrakon/policy/inspect.hpp"
#include "ostrakon/policy/verdict_set.hpp"
#include "ostrakon/store/meta.hpp"
#include "ostrakon/store/name_filter_writer.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <unordered_map>

namespace ostrakon::policy {
namespace {

using store::Table;

constexpr std::size_t kSamplesMax = 20;
constexpr std::uint32_t kBuckets = 65536;

// Compares ids of the database with those of the fresh derivation: equal where the contents are.
class ContentComparer {
public:
    explicit ContentComparer(const store::Transaction& transaction)
        : transaction_(transaction), interner_(transaction) {}

    PrivateSetInterner& interner() { return interner_; }
    SetId private_id(SetId stored) {
        if (stored == 0) {
            return 0;
        }
        if (const auto found = known_.find(stored); found != known_.end()) {
            return found->second;
        }
        const SetId id = interner_.id_of(std::string{read_set(transaction_, stored)});
        known_.emplace(stored, id);
        return id;
    }

    std::size_t sets_in_use() const { return known_.size(); }

private:
    const store::Transaction& transaction_;
    PrivateSetInterner interner_;
    std::unordered_map<SetId, SetId> known_;
};

void differ(CheckReport& report, std::string what) {
    ++report.differences;
    if (report.samples.size() < kSamplesMax) {
        report.samples.push_back(std::move(what));
    }
}

// Drops boundaries at which nothing changes, after ids were made comparable.
template <class Segment>
void normalise(std::vector<Segment>& segments) {
    std::vector<Segment> merged;
    for (const Segment& segment : segments) {
        if (merged.empty() || merged.back().set != segment.set) {
            merged.push_back(segment);
        }
    }
    segments = std::move(merged);
}

void check_ipv4(const store::Transaction& transaction, Deriver& deriver, ContentComparer& comparer,
                const std::function<void(std::uint64_t, std::uint64_t)>& progress,
                CheckReport& report) {
    for (std::uint32_t upper = 0; upper < kBuckets; ++upper) {
        std::vector<store::Ipv4Segment> stored{{0, 0}};
        if (const auto bytes = transaction.get(Table::IndexIpv4, store::bucket_key(upper))) {
            stored = store::decode_bucket(*bytes);
            for (store::Ipv4Segment& segment : stored) {
                segment.set = comparer.private_id(segment.set);
            }
            normalise(stored);
        }
        if (stored != deriver.ipv4(upper)) {
            differ(report, fmt::format("{}: the index does not hold what was decided",
                                       net::to_string(net::prefix(net::Ipv4{upper << 16}, 16))));
        }
        if (progress && upper % 1024 == 0) {
            progress(upper, kBuckets);
        }
    }
}

void check_ipv6(const store::Transaction& transaction, Deriver& deriver, ContentComparer& comparer,
                CheckReport& report) {
    std::vector<store::Ipv6Segment> stored{{net::Ipv6{}, 0}};
    store::Cursor cursor{transaction, Table::IndexIpv6};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        for (store::Ipv6Segment segment : store::decode_block(cursor.value())) {
            segment.set = comparer.private_id(segment.set);
            if (segment.start == stored.back().start) {
                stored.back() = segment;
            } else {
                stored.push_back(segment);
            }
        }
    }
    normalise(stored);
    const std::vector<store::Ipv6Segment> fresh = deriver.ipv6(net::everything<net::Ipv6>());
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < stored.size() || j < fresh.size()) {
        if (i < stored.size() && j < fresh.size() && stored[i] == fresh[j]) {
            ++i;
            ++j;
            continue;
        }
        const bool from_stored =
            j == fresh.size() || (i < stored.size() && stored[i].start <= fresh[j].start);
        const net::Ipv6 at = from_stored ? stored[i].start : fresh[j].start;
        differ(report, fmt::format("{}: the index does not hold what was decided from here on",
                                   net::to_string(at)));
        i += i < stored.size() && stored[i].start == at ? 1 : 0;
        j += j < fresh.size() && fresh[j].start == at ? 1 : 0;
    }
}

void check_names(const store::Transaction& transaction, Deriver& deriver, ContentComparer& comparer,
                 CheckReport& report) {
    store::Cursor cursor{transaction, Table::IndexName};
    bool more = cursor.first();
    const auto text = [](std::string_view key) { return dns::to_string(dns::name_from_key(key)); };
    deriver.names("", [&](const std::string& key, const store::NameNode& fresh) {
        for (; more && cursor.key() < key; more = cursor.next()) {
            differ(report, text(cursor.key()) + ": in the index, though nothing was decided");
        }
        if (!more || cursor.key() != key) {
            differ(report, text(key) + ": missing in the index");
            return;
        }
        store::NameNode stored = store::decode_name_node(cursor.value());
        stored.self = comparer.private_id(stored.self);
        stored.below = comparer.private_id(stored.below);
        if (!(stored == fresh)) {
            differ(report, text(key) + ": the index does not hold what was decided");
        }
        more = cursor.next();
    });
    for (; more; more = cursor.next()) {
        differ(report, text(cursor.key()) + ": in the index, though nothing was decided");
    }
}

void check_name_filter(const store::Transaction& transaction, CheckReport& report) {
    for (const std::uint32_t bucket : store::wrong_filter_buckets(transaction)) {
        differ(report, fmt::format("bucket {} of the filter of names: it does not hold what the "
                                   "index implies",
                                   bucket));
    }
}

void check_free_patterns(const store::Transaction& transaction, Deriver& deriver,
                         ContentComparer& comparer, CheckReport& report) {
    std::map<std::string, SetId> fresh;
    deriver.patterns([&](const std::string& pattern, SetId set) { fresh.emplace(pattern, set); });
    store::Cursor cursor{transaction, Table::IndexPattern};
    for (bool more = cursor.first(); more; more = cursor.next()) {
        const auto decided = fresh.find(std::string{cursor.key()});
        const bool is_right =
            decided != fresh.end() && cursor.value().size() == sizeof(SetId) &&
            comparer.private_id(store::load_raw<SetId>(cursor.value().data())) == decided->second;
        if (!is_right) {
            differ(report, fmt::format("{}{}: the index does not hold what was decided",
                                       kPatternMark, cursor.key()));
        }
        if (decided != fresh.end()) {
            fresh.erase(decided);
        }
    }
    for (const auto& [pattern, set] : fresh) {
        differ(report, fmt::format("{}{}: missing in the index", kPatternMark, pattern));
    }
    store::Cursor numbers{transaction, Table::GlobIds};
    for (bool more = numbers.first(); more; more = numbers.next()) {
        const bool is_right =
            numbers.value().size() == sizeof(std::uint32_t) &&
            read_glob(transaction, store::load_raw<std::uint32_t>(numbers.value().data())) ==
                numbers.key();
        if (!is_right) {
            differ(report,
                   fmt::format("{}{}: its number is another's", kPatternMark, numbers.key()));
        }
    }
}

}  // namespace

Result<CheckReport> check(
    store::Environment& environment,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress) {
    auto snapshot = store::Snapshot::begin(environment);
    if (!snapshot) {
        return Unexpected{snapshot.error()};
    }
    const Catalogue catalogue = Catalogue::load(*snapshot);
    ContentComparer comparer{*snapshot};
    Deriver deriver{*snapshot, catalogue, comparer.interner()};
    CheckReport report;
    check_ipv4(*snapshot, deriver, comparer, progress, report);
    check_ipv6(*snapshot, deriver, comparer, report);
    check_names(*snapshot, deriver, comparer, report);
    check_free_patterns(*snapshot, deriver, comparer, report);
    check_name_filter(*snapshot, report);
    const std::uint64_t sets = snapshot->count(Table::Sets);
    report.sets_in_use = comparer.sets_in_use();
    report.sets_left_over = sets - std::min(sets, report.sets_in_use);
    report.sets_numbered = store::meta_number(*snapshot, store::meta_key::kNextSet);
    if (snapshot->is_broken()) {
        return Unexpected{snapshot->failure()};
    }
    return report;
}

bool CheckReport::is_worth_rebuilding() const {
    constexpr std::uint64_t kLeftOverMin = 65'536;
    constexpr std::uint64_t kNumberedMax = std::uint64_t{1} << 31;
    return sets_numbered > kNumberedMax ||
           (sets_left_over > kLeftOverMin && sets_left_over > sets_in_use);
}

}  // namespace ostrakon::policy
