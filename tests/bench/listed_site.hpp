// A configuration and a database of generated listings, for benchmarks of parts of the server.
#pragma once

#include "bench/listings.hpp"
#include "bench/questions.hpp"
#include "ostrakon/policy/import_list.hpp"
#include "ostrakon/server/generation.hpp"
#include "ostrakon/store/environment.hpp"
#include "ostrakon/verdict/judge.hpp"
#include "support/query_builder.hpp"
#include "support/temporary_directory.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace ostrakon::bench {

class ListedSite {
public:
    /// The site of this size, made when it is first asked for, which takes seconds at L.
    static ListedSite& of(const Size& size);

    const responder::Site& site() const { return *generation_.site; }
    const Listings& listings() const { return listings_; }
    /// A judge with a snapshot.
    verdict::Judge judge();

    /// So many subjects that what is known of them does not stay in the caches of the processor.
    static constexpr std::size_t kManyDrawn = std::size_t{1} << 17;
    std::vector<test::Bytes> draw_packets(Kind kind, std::size_t count) const;
    std::vector<test::Bytes> draw_mixed_packets(std::size_t count) const;

private:
    explicit ListedSite(const Size& size);
    void take_in(const std::string& source, policy::ImportList&& list);
    void take_in_all();

    test::TemporaryDirectory directory_;
    Random random_{kListingsSeed};
    Listings listings_;
    server::Generation generation_;
    store::Environment environment_;
};

}  // namespace ostrakon::bench
