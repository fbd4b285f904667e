// Verdict sets: what of all that holds a subject is kept, and that no set grows without bound.
#include "ostrakon/policy/verdict_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace ostrakon::policy {
namespace {

Candidate candidate(LayerId layer, Breadth breadth, std::int64_t end = 0, std::uint32_t code = 0) {
    Candidate made;
    made.item.layer = layer;
    made.item.listing_class = layer == kOwnLayer ? ClassId{1} : kFeedsClass;
    made.item.end = end;
    made.item.code = net::Ipv4{code};
    made.breadth = breadth;
    return made;
}

std::size_t size_of(std::vector<Candidate> candidates) {
    return make_set(candidates).size();
}

TEST(VerdictSet, DropsWhatAnswersAlike) {
    EXPECT_EQ(size_of({candidate(0, 1), candidate(0, 255)}), 1U);
    EXPECT_EQ(size_of({candidate(3, 1), candidate(3, 1)}), 1U);
    EXPECT_EQ(size_of({candidate(3, 1), candidate(4, 1)}), 2U);
}

TEST(VerdictSet, KeepsTheMostSpecificOfALayerAlone) {
    EXPECT_EQ(size_of({candidate(3, 1), candidate(3, 255, 0, 0x7F000009)}), 1U);
    EXPECT_EQ(size_of({candidate(3, 1, 0, 0x7F000009), candidate(3, 1)}), 2U);
}

TEST(VerdictSet, KeepsTheWiderForWhenTheNarrowerEnds) {
    EXPECT_EQ(size_of({candidate(3, 1, 1000), candidate(3, 255), candidate(3, 65535)}), 2U);
}

// While both answer, the TTL is that of the shorter life.
TEST(VerdictSet, KeepsTheShorterLifeOfTwoThatAnswerAlike) {
    EXPECT_EQ(size_of({candidate(0, 1), candidate(0, 255, 1000)}), 2U);
    EXPECT_EQ(size_of({candidate(0, 1, 1000), candidate(0, 255)}), 2U);
    EXPECT_EQ(size_of({candidate(3, 1), candidate(3, 1, 1000)}), 2U);
    EXPECT_EQ(size_of({candidate(0, 1, 1000), candidate(0, 255, 1000)}), 1U);
}

std::vector<Candidate> nested(LayerId layer, std::size_t depth) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < depth; ++i) {
        candidates.push_back(candidate(layer, i, static_cast<std::int64_t>(5000 + i)));
    }
    return candidates;
}

TEST(VerdictSet, LetsNoLayerPushAnotherOut) {
    std::vector<Candidate> candidates;
    for (LayerId layer = 0; layer < 9; ++layer) {
        const auto more = nested(layer, 300);
        candidates.insert(candidates.end(), more.begin(), more.end());
    }
    candidates.push_back(candidate(9, 1));
    const std::vector<SetItem> items = make_set(candidates);
    EXPECT_LE(items.size(), kSetItemsMax);
    std::array<int, 10> of_layer{};
    for (const SetItem& item : items) {
        EXPECT_EQ(item.rank, of_layer[item.layer]++) << "the most specific ones";
    }
    EXPECT_GE(of_layer[0], 100);
    EXPECT_EQ(of_layer[9], 1);
    for (LayerId layer = 1; layer < 9; ++layer) {
        EXPECT_GE(of_layer[layer], 10);
    }
}

TEST(VerdictSet, IsBoundedWithMoreLayersThanItems) {
    std::vector<Candidate> candidates;
    for (LayerId layer = 0; layer < 400; ++layer) {
        candidates.push_back(candidate(layer, 1));
    }
    EXPECT_EQ(size_of(candidates), kSetItemsMax);
}

// What ends last decides how long something is listed.
TEST(VerdictSet, KeepsWhatLivesLongestOfManyEquals) {
    std::vector<Candidate> candidates;
    for (std::int64_t end = 1000; end < 1300; ++end) {
        candidates.push_back(candidate(3, 1, end));
    }
    const std::vector<SetItem> items = make_set(candidates);
    EXPECT_TRUE(std::any_of(items.begin(), items.end(),
                            [](const SetItem& item) { return item.end == 1299; }));
}

TEST(VerdictSet, ReadsBackWhatItPacks) {
    std::vector<Candidate> candidates{candidate(0, 1, 1000, 0x7F000009), candidate(0, 9),
                                      candidate(70000, 3)};
    candidates[1].item.overrides_never = true;
    candidates[2].item.is_exception = true;
    const std::vector<SetItem> items = make_set(candidates);
    const std::string bytes = encode_set(items);
    ASSERT_EQ(items.size(), 3U);
    ASSERT_EQ(bytes.size(), 3 * kSetItemSize);
    for (std::size_t i = 0; i < items.size(); ++i) {
        EXPECT_EQ(load_set_item(bytes, i), items[i]);
    }
}

}  // namespace
}  // namespace ostrakon::policy
