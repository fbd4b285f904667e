// ostrakon ban: records that subjects are blocked.
#include "arguments.hpp"
#include "decision.hpp"
#include "ostrakon/zone/listing_class.hpp"

namespace ostrakon::tool {
namespace {

class BanCommand : public Command {
public:
    Description describe() const override {
        return {
            .name = "ban",
            .summary = "record that an address, network or name is blocked",
            .details =
                "Records bans and says how much they cover; the next DNS answer has them. An IPv6 "
                "address "
                "without a length means its /64. Banning what stands updates its reason and, if "
                "given, its "
                "end and evidence.",
            .examples = {
                "ostrakon ban 192.0.2.7 --reason \"spam seen 2026-11-22\"",
                "ostrakon ban 198.51.100.0/24 2001:db8::/48 --reason \"no abuse desk\" --for 30d",
                "ostrakon ban example.com --class isp --reason \"sells to spammers\" --evidence "
                "@mail.eml"}};
    }
    void declare(OptionSet& options) override {
        options.operands("SUBJECT", words_.subjects,
                         "192.0.2.7, 192.0.2.0/24, 192.0.2.10-192.0.2.90, 2001:db8::/48, "
                         "example.com, =example.com or *.example.com");
        options.required_value("--reason", "TEXT", words_.reason, "why; it is part of the answer");
        options.value("--class", "CLASS", words_.listing_class,
                      "ip, isp, domain, …; else what fits the subject");
        options.value("--code", "ADDRESS", words_.code,
                      "the answer, where it differs from that of the class");
        declare_expiry(options, words_.length, words_.until);
        options.value("--evidence", "FILE|TEXT", words_.evidence,
                      "what shows it: @FILE, - for standard input, a file that is there, or text");
        options.flag("--exact", words_.exact, "an IPv6 address means itself, not its /64");
        options.flag("--override", words_.override_never, "also what [protect] never holds");
        options.flag("--dry-run", words_.dry_run, "only say what would be done");
    }
    Result<Outcome> run(const CommonOptions& common) override {
        if (words_.listing_class == zone::kAllowClass) {
            return wrong_usage("--class allow", "is no ban",
                               "write ostrakon allow SUBJECT --reason TEXT");
        }
        return record_decision(words_, words_.exact, "ban", common);
    }

private:
    DecisionOptions words_;
};

}  // namespace

std::unique_ptr<Command> make_ban() {
    return std::make_unique<BanCommand>();
}

}  // namespace ostrakon::tool
