// Where a scenario is played: the interface between what happens and who does it.
//
// One host calls the functions of the project in this process (in_process_host.hpp); another can
// start the programs and ask them over the network. Both take the same files.
#pragma once

#include "scenario/runner/scenario.hpp"

#include "support/ldns_message.hpp"

namespace ostrakon::scenario {

class Host {
public:
    Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;
    virtual ~Host() = default;

    /// Writes the files of the configuration and makes the database; comes first, and once.
    virtual Result<Done> set_up(const std::map<std::string, std::string>& files) = 0;

    /// Runs one command of the companion tool and returns its exit status; `output` takes what it
    /// says.
    virtual int run(const Command& command, std::string& output) = 0;

    /// Lets time pass. False where the clock cannot be set: the rest of the scenario cannot be
    /// played.
    virtual bool wait(Duration length) = 0;

    /// Asks, and returns what ldns reads in the answer; nothing if there is none or it has a
    /// mistake.
    virtual std::optional<test::MessageText> ask(const Question& question) = 0;
};

/// The question as a message, recursion desired.
test::Bytes query_bytes(const Question& question);

}  // namespace ostrakon::scenario
