// Debian's Postfix on the machine of a test (mail/own_machine.hpp): smtpd on port 25, postscreen in
// front of another on port 2525.
#pragma once

#include "support/process.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace ostrakon::test {

class Postfix {
public:
    static constexpr std::uint16_t kSmtpd = 25;
    static constexpr std::uint16_t kPostscreen = 2525;

    /// Starts it with a main.cf that ends with `settings`. It takes mail for users of
    /// mx.example.com and drops it, and believes XCLIENT of this machine. Throws std::runtime_error
    /// where it does not start.
    explicit Postfix(const std::string& settings) : Postfix(settings, Host::IsMxExampleCom) {}

    /// The same, where main.cf has `settings` and nothing but what tests need.
    static Postfix of_whole_file(const std::string& settings) {
        return Postfix{settings, Host::IsInSettings};
    }

    /// What `postfix check` and `postconf` say of a mistake in the settings; empty where there is
    /// none.
    const std::string& complaints() const { return complaints_; }
    std::string log() const { return process_->errors(); }
    /// Waits until it logs this.
    bool sees(const std::string& text) const { return process_->wait_for_errors(text); }

private:
    enum class Host : std::uint8_t { IsMxExampleCom, IsInSettings };
    Postfix(const std::string& settings, Host host);

    std::string complaints_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
