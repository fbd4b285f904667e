#include "ostrakon/base/shared_library.hpp"

#include <dlfcn.h>

namespace ostrakon {

Result<SharedLibrary> SharedLibrary::open(const std::string& file, const std::string& package) {
    void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == nullptr) {
        return Unexpected{Error{ErrorCode::System, "open library " + file,
                                "it is not installed, or does not fit",
                                "install the package " + package}};
    }
    return SharedLibrary{handle, file};
}

void* SharedLibrary::address_of(const char* name) {
    void* const address = dlsym(handle_, name);
    if (address == nullptr && missing_.empty()) {
        missing_ = name;
    }
    return address;
}

Result<Done> SharedLibrary::whole() const {
    if (missing_.empty()) {
        return Done{};
    }
    return Unexpected{Error{ErrorCode::System, "open library " + file_,
                            "it has no function " + missing_, "install a newer one"}};
}

}  // namespace ostrakon
