// How the pulling of a feed goes, as the database keeps it.
#include "ostrakon/policy/pull_state.hpp"

#include "database.hpp"

#include <gtest/gtest.h>

namespace ostrakon::policy {
namespace {

PullState full_state() {
    PullState state;
    state.url = "https://lists.example.net/drop.txt";
    state.format = "spamhaus-drop";
    state.last_try = UnixTime{1000};
    state.last_success = UnixTime{900};
    state.next = UnixTime{2000};
    state.failures = 3;
    state.missing_since = UnixTime{950};
    state.is_stopped = true;
    state.failure = "it is not there";
    state.etag = "\"abc\"";
    state.last_modified = "Sun, 22 Nov 2026 00:00:00 GMT";
    state.next_version = 9;
    state.versions = {{8, UnixTime{900}, "d8", "iplist", 80, 8, 1},
                      {7, UnixTime{800}, "d7", "iplist", 70, 7, 0, 3, 4}};
    state.held = HeldVersion{{6, UnixTime{999}, "d6", "plain", 60, 6, 5}, "it would shrink", true};
    state.is_rolled_back = true;
    return state;
}

class PullStateTest : public DatabaseTest {};

TEST_F(PullStateTest, IsReadAsItWasWritten) {
    for (const PullState& state : {PullState{}, full_state()}) {
        const auto read = decode_pull_state(encode(state));
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, state);
    }
}

TEST_F(PullStateTest, LiesUnderItsName) {
    auto transaction = store::WriteTransaction::begin(*environment_);
    write_pull_state(*transaction, "drop", full_state());
    write_pull_state(*transaction, "tor", PullState{});
    write_pull_state(*transaction, "gone", PullState{});
    remove_pull_state(*transaction, "gone");
    ASSERT_TRUE(transaction->commit());
    const auto snapshot = store::Snapshot::begin(*environment_);
    EXPECT_EQ(read_pull_state(*snapshot, "drop"), full_state());
    EXPECT_EQ(read_pull_state(*snapshot, "gone"), std::nullopt);
    EXPECT_EQ(read_pull_states(*snapshot).size(), 2);
}

TEST_F(PullStateTest, DamagedBytesAreNoState) {
    const std::string bytes = encode(full_state());
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        const auto cut = decode_pull_state(std::string_view{bytes}.substr(0, size));
        EXPECT_TRUE(!cut || *cut != full_state()) << size;
    }
    PullState many;
    many.versions.resize(PullState::kVersionsMax + 1);
    EXPECT_EQ(decode_pull_state(encode(many)), std::nullopt);
}

}  // namespace
}  // namespace ostrakon::policy
