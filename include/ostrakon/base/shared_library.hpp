// A library that only some commands need, opened when one of them runs: what every start of the
// tool loads, every start waits for.
#pragma once

#include "ostrakon/base/result.hpp"

#include <string>

namespace ostrakon {

/// Stays open until the program ends: some libraries do not bear being closed.
class SharedLibrary {
public:
    /// `file` as the linker knows it, "libsqlite3.so.0"; `package` is what to install where it is
    /// missing. Error: System.
    static Result<SharedLibrary> open(const std::string& file, const std::string& package);

    /// The function of this name, as its header declares it. A missing one is kept: check whole().
    template <class Function>
    void find(Function*& function, const char* name) {
        function = reinterpret_cast<Function*>(address_of(name));
    }
    /// Whether every function that was looked for is there.
    Result<Done> whole() const;

private:
    SharedLibrary(void* handle, std::string file) : handle_(handle), file_(std::move(file)) {}
    void* address_of(const char* name);

    void* handle_;
    std::string file_;
    std::string missing_;
};

}  // namespace ostrakon
