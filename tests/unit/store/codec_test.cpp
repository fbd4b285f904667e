// Records: what is written is read, and damaged bytes are noticed and never read past.
#include "ostrakon/store/codec.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <random>

namespace ostrakon::store {
namespace {

constexpr std::uint64_t kNumbers[] = {0,
                                      1,
                                      127,
                                      128,
                                      255,
                                      256,
                                      16383,
                                      16384,
                                      0xFFFF'FFFF,
                                      std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::uint64_t>::max()};

// Bytes in a block of their exact size, so that a sanitizer sees a read past the end.
class Exact {
public:
    explicit Exact(std::string_view bytes) : bytes_(new char[bytes.size()]), size_(bytes.size()) {
        bytes.copy(bytes_.get(), size_);
    }
    std::string_view view() const { return {bytes_.get(), size_}; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_;
};

TEST(Codec, ReadsWhatWasWritten) {
    const std::string long_text(70'000, 'x');
    for (const std::uint64_t number : kNumbers) {
        const std::string bytes = Encoder{}
                                      .number(number)
                                      .text("")
                                      .flag(true)
                                      .text(long_text)
                                      .text(std::string_view{"a\0b", 3})
                                      .number(number)
                                      .take();
        Decoder decoder{bytes};
        EXPECT_EQ(decoder.number(), number);
        EXPECT_EQ(decoder.text(), "");
        EXPECT_TRUE(decoder.flag());
        EXPECT_EQ(decoder.text(), long_text);
        EXPECT_EQ(decoder.text(), (std::string_view{"a\0b", 3}));
        EXPECT_EQ(decoder.number(), number);
        EXPECT_FALSE(decoder.is_damaged());
    }
}

TEST(Codec, ReadsMissingFieldsOfAnOlderRecordAsZero) {
    const std::string bytes = Encoder{}.number(5).take();
    Decoder decoder{bytes};
    EXPECT_EQ(decoder.number(), 5U);
    EXPECT_EQ(decoder.number(), 0U);
    EXPECT_EQ(decoder.text(), "");
    EXPECT_FALSE(decoder.flag());
    EXPECT_FALSE(decoder.is_damaged());
}

TEST(Codec, NoticesATextThatIsCutOff) {
    const std::string bytes = Encoder{}.text("mail.example.com").take();
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        const Exact cut{std::string_view{bytes}.substr(0, size)};
        Decoder decoder{cut.view()};
        EXPECT_EQ(decoder.text(), "");
        EXPECT_TRUE(decoder.is_damaged());
        EXPECT_EQ(decoder.text(), "") << "nothing is read after the damage";
    }
}

TEST(Codec, NoticesANumberThatNeverEnds) {
    for (const std::size_t size : {1U, 5U, 10U, 11U, 100U}) {
        const Exact endless{std::string(size, '\xFF')};
        Decoder decoder{endless.view()};
        decoder.number();
        EXPECT_TRUE(decoder.is_damaged()) << size;
    }
}

TEST(Codec, NoticesALengthBeyondAllBytes) {
    std::string bytes = Encoder{}.number(std::numeric_limits<std::uint64_t>::max()).take();
    bytes += "abc";
    const Exact exact{bytes};
    Decoder decoder{exact.view()};
    EXPECT_EQ(decoder.text(), "");
    EXPECT_TRUE(decoder.is_damaged());
}

TEST(Codec, ReadsAnyBytesWithoutHarm) {
    std::mt19937 random{1};
    for (int i = 0; i < 20'000; ++i) {
        std::string bytes(random() % 40, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random());
        }
        const Exact exact{bytes};
        Decoder decoder{exact.view()};
        std::size_t texts = 0;
        for (int field = 0; field < 10; ++field) {
            random() % 2 == 0 ? static_cast<void>(decoder.number())
                              : static_cast<void>(texts += decoder.text().size());
        }
        EXPECT_LE(texts, bytes.size());
    }
}

TEST(Codec, KeepsTheOrderOfNumbersInKeys) {
    std::string previous;
    for (const std::uint64_t number : kNumbers) {
        std::string key;
        append_big_endian(key, number);
        EXPECT_EQ(key.size(), sizeof number);
        EXPECT_LT(previous, key);
        EXPECT_EQ(load_big_endian<std::uint64_t>(key.data()), number);
        previous = key;
    }
}

}  // namespace
}  // namespace ostrakon::store
