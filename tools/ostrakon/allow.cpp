// ostrakon allow: records exceptions.
#include "decision.hpp"
#include "ostrakon/zone/listing_class.hpp"

namespace ostrakon::tool {
namespace {

class AllowCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "allow",
            .summary = "record an exception",
            .details =
                "Records exceptions. An own allow silences every feed, and own bans that are not "
                "more "
                "specific than it. It is never widened: an IPv6 address means itself.",
            .examples = {
                "ostrakon allow 192.0.2.25 --reason \"our partner's mail server\"",
                "ostrakon allow mail.example.com --reason \"asked for by accounting\" --for 90d"}};
    }
    void declare(OptionSet& options) override {
        options.operands("SUBJECT", words_.subjects,
                         "192.0.2.7, 192.0.2.0/24, 192.0.2.10-192.0.2.90, 2001:db8::/48, "
                         "example.com, =example.com or *.example.com");
        options.required_value("--reason", "TEXT", words_.reason, "why");
        options.value("--code", "ADDRESS", words_.code,
                      "the answer in allow zones, where it differs");
        declare_expiry(options, words_.length, words_.until);
        options.value("--evidence", "FILE|TEXT", words_.evidence,
                      "what shows it: @FILE, - for standard input, a file that is there, or text");
        options.flag("--exact", words_.exact,
                     "an IPv6 address means itself, as it always does here");
        options.flag("--dry-run", words_.dry_run, "only say what would be done");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        words_.listing_class = zone::kAllowClass;
        return record_decision(words_, true, "allow", common);
    }

private:
    DecisionOptions words_;
};

}  // namespace

std::unique_ptr<Command> make_allow() {
    return std::make_unique<AllowCommand>();
}

}  // namespace ostrakon::tool
