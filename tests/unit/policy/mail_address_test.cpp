// Mail addresses: which are taken, what is hashed of them, and what a mistake is told.
#include "ostrakon/policy/mail_address.hpp"

#include "ostrakon/dns/name.hpp"
#include "ostrakon/policy/subject.hpp"

#include <gmock/gmock.h>
#include <array>

namespace ostrakon::policy {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHash = "63a710569261a24b3766275b7000ce8d7b32e2f7";  // of the next
constexpr std::string_view kAddress = "user@example.com";

std::string hashed(std::string_view text) {
    const auto mail = parse_mail_address(text);
    return mail ? mail->address : message(mail.error());
}

TEST(MailAddress, IsAskedForByItsSha1) {
    const auto mail = parse_mail_address(kAddress);
    ASSERT_TRUE(mail);
    EXPECT_EQ(mail->hash, kHash);
    EXPECT_EQ(mail->domain(), "example.com");
}

TEST(MailAddress, IsHashedInLowerCaseWithItsTagsDotsAndALabels) {
    struct Case {
        std::string_view written, address;
    };
    constexpr auto kCases = std::to_array<Case>({
        {"User.Name+Tag@EXAMPLE.com", "user.name+tag@example.com"},
        {"user@example.com.", "user@example.com"},
        {"user@bücher.example", "user@xn--bcher-kva.example"},
        {"\"user.name\"@example.com", "user.name@example.com"},
        {"!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"},
        {"JÜRGEN@example.com", "jÜrgen@example.com"},  // only ASCII has its case changed
        {"root@localhost", "root@localhost"},
        {"=user@example.com", "=user@example.com"},
    });
    for (const auto& [written, address] : kCases) {
        EXPECT_EQ(hashed(written), address);
    }
}

TEST(MailAddress, TellsWhatIsWrongAndWhere) {
    struct Mistake {
        std::string_view written, why;
    };
    constexpr auto kMistakes = std::to_array<Mistake>({
        {"@example.com", "has nothing in front of the @ (for all addresses of a domain name"},
        {"*@example.com", "has a * in place of a name"},
        {"user@*.example.com", "has a * in its domain"},
        {"user@", "has nothing behind the @"},
        {".user@example.com", "has a dot as character 1, where it begins"},
        {"ü..b@example.com", "has a dot as character 2, where another follows"},
        {"user.@example.com", "has a dot as character 5, where the @ follows"},
        {"us er@example.com", "has \" \" as character 3"},
        {"a@b@example.com", "has \"@\" as character 2"},
        {"us\ner@example.com", "has \"\\n\" as character 3"},
        {"\"us er\"@example.com", "an address that needs quotes cannot be listed"},
        {"\"\"@example.com", "has \"\"\" as character 1"},
        {"us\xFF"
         "er@example.com",
         "is not UTF-8"},
        {"user@[192.0.2.7]", "name that address itself"},
        {"user@192.0.2.7", "has a domain, from character 6 on, that ends in a number"},
        {"user@exa mple.com", "from character 6 on, that has a blank"},
        {"mailto:user@example.com", "write user@example.com alone"},
        {"User Name <user@example.com>", "write user@example.com alone"},
        {"user.example.com", "has no @"},
    });
    for (const auto& [written, why] : kMistakes) {
        const auto mail = parse_mail_address(written);
        ASSERT_FALSE(mail) << written;
        EXPECT_EQ(mail.error().code, ErrorCode::Usage);
        EXPECT_THAT(message(mail.error()), HasSubstr(why));
    }
}

TEST(MailAddress, HasAtMostAsManyBytesAsSmtpCarries) {
    const std::string local(64, 'u');
    const std::string label(63, 'd');
    const std::string domain = label + "." + label + "." + label.substr(0, 61);  // of 189 bytes
    EXPECT_TRUE(parse_mail_address(local + "@" + domain));
    EXPECT_THAT(hashed(local + "@" + domain + "d"), HasSubstr("255 bytes, more than the 254"));
    EXPECT_THAT(hashed(local + "u@" + domain), HasSubstr("65 bytes in front of the @"));
}

TEST(MailAddress, IsASubjectWithItsClassAndSpelling) {
    const Subject subject = *parse_subject("User@Example.com");
    EXPECT_EQ(to_string(subject), kAddress);
    EXPECT_EQ(default_class(subject), "email");
    EXPECT_EQ(coverage(subject).names, 1U);
    const Subject hash = *parse_subject("63A710569261A24B3766275B7000CE8D7B32E2F7");
    EXPECT_EQ(to_string(hash), kHash);
    EXPECT_EQ(default_class(hash), "email");
    EXPECT_TRUE(lies_in(hash, subject));
    EXPECT_FALSE(lies_in(subject, *parse_subject("example.com")));
    // All digits are a hash as well, and no number.
    EXPECT_EQ(default_class(*parse_subject(std::string(40, '1'))), "email");
    EXPECT_EQ(default_class(*parse_subject(std::string(39, 'a'))), "domain");
    EXPECT_EQ(default_class(*parse_subject("mail." + std::string{kHash})), "domain");
    EXPECT_EQ(default_class(*parse_subject("*." + std::string{kHash})), "domain");
    EXPECT_FALSE(parse_subject("=" + std::string{kHash}));
}

TEST(MailAddress, HasAKeyAmongThoseOfNames) {
    const MailSubject known = *parse_mail_address(kAddress);
    const MailSubject unknown = mail_of_hash(kHash);
    EXPECT_EQ(mail_key(kHash), dns::reversed_key(*dns::parse_name(kHash)));
    EXPECT_TRUE(is_mail_key(mail_key(kHash)));
    EXPECT_FALSE(is_mail_key(mail_entry_key(known)));
    for (const MailSubject& subject : {known, unknown}) {
        const std::string key = mail_entry_key(subject);
        EXPECT_TRUE(is_mail_entry_key(key));
        EXPECT_TRUE(is_sound_mail_entry_key(key));
        EXPECT_EQ(mail_from_entry_key(key), subject);
        EXPECT_EQ(index_key_of(key), mail_key(kHash));
    }
    const std::string below = dns::reversed_key(*dns::parse_name("q." + std::string{kHash}));
    EXPECT_FALSE(is_mail_entry_key(below));
    EXPECT_EQ(index_key_of(below), below);
    EXPECT_FALSE(is_mail_entry_key(mail_key(kHash)));
}

TEST(MailAddress, IsRefusedWhereItDoesNotHaveItsHash) {
    const MailSubject other{std::string{kHash}, "other@example.com"};
    EXPECT_FALSE(is_sound_mail_entry_key(mail_entry_key(other)));
    std::string upper = mail_entry_key(mail_of_hash(kHash));
    upper[4] = 'A';
    EXPECT_FALSE(is_sound_mail_entry_key(upper));
}

}  // namespace
}  // namespace ostrakon::policy
