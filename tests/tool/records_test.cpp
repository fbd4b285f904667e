// Commands that take the number of a record: one rule for what is no number, and for numbers under
// which there is nothing.
#include "site.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ostrakon::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct NumberedCommand {
    std::vector<std::string> before, after;  // what stands around the number
    std::string shown_by;
};

const std::vector<NumberedCommand>& numbered_commands() {
    static const std::vector<NumberedCommand> commands{
        {{"undo"}, {}, "`ostrakon changes` shows them"},
        {{"undo"}, {"--dry-run"}, "`ostrakon changes` shows them"},
        {{"request", "show"}, {}, "`ostrakon request list --all` shows them"},
        {{"request", "accept"}, {"--reason", "x"}, "`ostrakon request list --all` shows them"},
        {{"request", "decline"}, {"--reason", "x"}, "`ostrakon request list --all` shows them"},
        {{"complaint", "show"}, {}, "`ostrakon complaint list` shows them"},
        {{"complaint", "valid"}, {"--reason", "x"}, "`ostrakon complaint list` shows them"},
        {{"complaint", "invalid"}, {"--reason", "x"}, "`ostrakon complaint list` shows them"},
    };
    return commands;
}

std::vector<std::string> words_of(const NumberedCommand& command, const std::string& number) {
    std::vector<std::string> words = command.before;
    words.push_back(number);
    words.insert(words.end(), command.after.begin(), command.after.end());
    return words;
}

TEST(RecordNumber, UnderWhichThereIsNothingIsNoMistakeInTheWords) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    for (const NumberedCommand& command : numbered_commands()) {
        for (const char* const number : {"99", "0", "4294967296", "99999999999999999999"}) {
            const Answer answer = site(words_of(command, number));
            SCOPED_TRACE(testing::PrintToString(words_of(command, number)));
            EXPECT_EQ(answer.status, 1);
            EXPECT_THAT(answer.output, IsEmpty());
            EXPECT_THAT(answer.errors, HasSubstr(number));
            EXPECT_THAT(answer.errors, HasSubstr("there is none of that number"));
            EXPECT_THAT(answer.errors, HasSubstr(command.shown_by));
        }
    }
}

TEST(RecordNumber, HasNothingButDigits) {
    const Site site;
    ASSERT_EQ(site({"ban", "192.0.2.7", "--reason", "x"}).status, 0);
    for (const NumberedCommand& command : numbered_commands()) {
        for (const char* const word : {"x", "1x", "-1", "+1", "", "0x1", "1.0"}) {
            SCOPED_TRACE(testing::PrintToString(words_of(command, word)));
            const Answer answer = site(words_of(command, word));
            EXPECT_EQ(answer.status, 2);
            EXPECT_THAT(answer.output, IsEmpty());
        }
    }
}

}  // namespace
}  // namespace ostrakon::test
