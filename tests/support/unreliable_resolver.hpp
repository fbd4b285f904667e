// A resolver between a test and a nameserver, which answers for some names as it should not, or not
// at all. UDP alone.
#pragma once

#include "ostrakon/base/file_descriptor.hpp"
#include "support/dns_client.hpp"

#include <netinet/in.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace ostrakon::test {

enum class Fault : std::uint8_t {
    Silence,
    ServFail,
    Refused,
    Garbage,        ///< Bytes behind a right header and question that are no message.
    WrongId,        ///< An answer to another question comes first, the right one never.
    WrongQuestion,  ///< The same id, another name.
    WrongSource,    ///< The right answer, from another port.
};

class UnreliableResolver {
public:
    /// `faults` by name, in lower case without the last dot, whatever the type.
    UnreliableResolver(ServerAddress nameserver, std::map<std::string, Fault> faults);
    ~UnreliableResolver();
    UnreliableResolver(const UnreliableResolver&) = delete;
    UnreliableResolver& operator=(const UnreliableResolver&) = delete;

    const ServerAddress& address() const { return address_; }
    std::string endpoint() const;
    /// How often it was asked about a name.
    std::size_t asked(const std::string& name) const;

private:
    void run();
    void answer(Bytes query, const sockaddr_in& client);

    ServerAddress nameserver_;
    std::map<std::string, Fault> faults_;
    ServerAddress address_;
    FileDescriptor socket_, stop_reading_, stop_writing_;
    mutable std::mutex mutex_;
    std::map<std::string, std::size_t> asked_;
    std::thread thread_;
};

}  // namespace ostrakon::test
