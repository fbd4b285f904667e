// What others have in DNS: Knot DNS, serving a root zone of its own with the records of a test.
//
// A name that is in none of them does not exist. It follows no alias out of its way and asks
// nobody.
#pragma once

#include "support/dns_client.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

#include <memory>
#include <string>
#include <vector>

namespace ostrakon::test {

class Nameserver {
public:
    /// "mail.example.com A 192.0.2.7", as in a zone file; names are whole without a last dot. It
    /// runs when this returns. Throws std::runtime_error where it does not start.
    explicit Nameserver(const std::vector<std::string>& records = {});

    /// From now on these and no others.
    void serve(const std::vector<std::string>& records);

    const ServerAddress& address() const { return address_; }
    /// As the command line wants it: "127.0.0.1:5300".
    std::string endpoint() const;

private:
    TemporaryDirectory directory_;
    ServerAddress address_;
    std::unique_ptr<Process> process_;
};

}  // namespace ostrakon::test
