// Whether two readings have found the same, for tests that read in two ways.
#pragma once

#include "ostrakon/feed/confined_reading.hpp"

#include <gtest/gtest.h>
#include <algorithm>
#include <string>
#include <vector>

namespace ostrakon::feed {

template <class S>
void expect_same(const std::vector<policy::ImportEntry<S>>& a,
                 const std::vector<policy::ImportEntry<S>>& b) {
    EXPECT_TRUE(
        std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
            return x.subject == y.subject && x.statement == y.statement && x.line == y.line;
        }));
}

inline void expect_same(const std::vector<policy::ImportReject>& a,
                        const std::vector<policy::ImportReject>& b) {
    EXPECT_TRUE(
        std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
            return x.line == y.line && x.text == y.text && x.why == y.why;
        }));
}

inline void expect_same(const Contents& a, const Contents& b) {
    EXPECT_EQ(a.list.data_sets, b.list.data_sets);
    EXPECT_TRUE(a.list.statements == b.list.statements);
    expect_same(a.list.ipv4, b.list.ipv4);
    expect_same(a.list.ipv6, b.list.ipv6);
    expect_same(a.list.names, b.list.names);
    expect_same(a.list.mails, b.list.mails);
    expect_same(a.list.origins, b.list.origins);
    expect_same(a.list.patterns, b.list.patterns);
    EXPECT_TRUE(a.list.default_code == b.list.default_code);
    EXPECT_TRUE(a.list.written_ipv4 == b.list.written_ipv4);
    EXPECT_EQ(a.list.further_entries, b.list.further_entries);
    expect_same(a.rejects, b.rejects);
    EXPECT_EQ(a.rejected, b.rejected);
    EXPECT_EQ(a.may_be_empty, b.may_be_empty);
    EXPECT_EQ(a.expires, b.expires);
    EXPECT_EQ(a.notes, b.notes);
}

inline void expect_same(const policy::MapContents& a, const policy::MapContents& b) {
    for (const net::OriginKind kind : net::kOriginKinds) {
        EXPECT_TRUE(a.part(kind).ipv4 == b.part(kind).ipv4);
        EXPECT_TRUE(a.part(kind).ipv6 == b.part(kind).ipv6);
    }
    EXPECT_TRUE(a.date == b.date);
    EXPECT_EQ(a.read, b.read);
    expect_same(a.rejects, b.rejects);
    EXPECT_EQ(a.rejected, b.rejected);
    EXPECT_EQ(a.notes, b.notes);
}

inline void expect_same(const Result<ReadOutcome>& a, const Result<ReadOutcome>& b) {
    ASSERT_EQ(a.has_value(), b.has_value())
        << (a ? "" : message(a.error())) << (b ? "" : message(b.error()));
    if (!a) {
        EXPECT_EQ(a.error().code, b.error().code);
        EXPECT_EQ(message(a.error()), message(b.error()));
        return;
    }
    ASSERT_EQ(a->list.has_value(), b->list.has_value());
    ASSERT_EQ(a->map.has_value(), b->map.has_value());
    if (a->list) {
        expect_same(a->list->contents, b->list->contents);
    }
    if (a->map) {
        expect_same(a->map->contents, b->map->contents);
    }
}

}  // namespace ostrakon::feed
