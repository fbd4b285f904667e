// Secrets of [[tsig]] keys, as the server reads them.
#include "ostrakon/config/tsig_keys.hpp"

#include "unit/config/site.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>

namespace ostrakon::config {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kSecret = "c2VjcmV0IG9mIHRoZSB0ZXN0Lg==";

class TsigKeys : public testing::Test {
protected:
    TsigKeys()
        : site_{
              "[server]\nuser = \"root\"\n[[tsig]]\nname = \"partner\"\nalgorithm = "
              "\"hmac-sha384\"\nsecret_file = \"partner.key\"\n"} {
        site_.file("zones/bl.toml",
                   "origin = \"bl.example.org\"\nns = [\"ns1.example.org\"]\n"
                   "contact = \"hostmaster@example.org\"\n[[tsig]]\nname = \"own\"\n"
                   "secret_file = \"own.key\"\n");
        secret("partner.key", std::string{kSecret} + "\n");
        secret("zones/own.key", kSecret);
    }
    void secret(const char* file, std::string_view text, mode_t mode = 0600) {
        site_.file(file, text);
        EXPECT_EQ(::chmod((site_.path() / file).c_str(), mode), 0);
    }
    Result<SiteKeys> read() {
        return read_tsig_keys(*site_.settings().value, *site_.zones().value);
    }
    std::string mistake() {
        const auto keys = read();
        return keys ? "no mistake" : message(keys.error());
    }

    Site site_;
};

TEST_F(TsigKeys, AreForAllZonesOrForTheOneThatNamesThem) {
    const auto keys = read();
    ASSERT_TRUE(keys) << message(keys.error());
    ASSERT_EQ(keys->keys.size(), 2U);
    EXPECT_EQ(keys->keys[0].zone, "");
    EXPECT_EQ(dns::to_string(keys->keys[0].key.name), "partner");
    EXPECT_EQ(keys->keys[0].key.algorithm, tsig::Algorithm::Sha384);
    EXPECT_EQ(keys->keys[0].key.secret, "secret of the test.");
    EXPECT_EQ(keys->keys[1].zone, "bl.example.org");
    EXPECT_TRUE(keys->warnings.empty());
}

TEST_F(TsigKeys, LieInFilesOfTheirOwnersAlone) {
    for (const mode_t mode : {0640, 0604, 0620, 0644}) {
        secret("partner.key", kSecret, mode);
        EXPECT_THAT(mistake(), AllOf(HasSubstr("ostrakon.toml:3: [[tsig]] secret_file"),
                                     HasSubstr("partner.key: others than its owner have rights to "
                                               "it (chmod 0600 ")))
            << mode;
    }
    secret("partner.key", kSecret, 0400);
    EXPECT_EQ(mistake(), "no mistake");
}

TEST_F(TsigKeys, AreInNoErrorWhateverIsWrongWithThem) {
    for (const std::string& text : {std::string{"c2Vjc!"}, std::string{}, std::string(5000, 'A'),
                                    std::string{kSecret} + " x"}) {
        secret("partner.key", text);
        EXPECT_THAT(mistake(), AllOf(HasSubstr("holds no secret"), Not(HasSubstr("c2Vj")),
                                     Not(HasSubstr("AAAA"))));
    }
    std::filesystem::remove(site_.path() / "partner.key");
    EXPECT_THAT(mistake(), HasSubstr("partner.key: No such file"));
    std::filesystem::create_directory(site_.path() / "partner.key");
    EXPECT_THAT(mistake(), HasSubstr("is no plain file"));
}

TEST_F(TsigKeys, AreAllToldThatAreWrong) {
    secret("partner.key", "");
    secret("zones/own.key", "");
    EXPECT_THAT(mistake(), AllOf(HasSubstr("partner.key"), HasSubstr("zones/bl.toml:4"),
                                 HasSubstr("zones/own.key")));
}

}  // namespace
}  // namespace ostrakon::config
