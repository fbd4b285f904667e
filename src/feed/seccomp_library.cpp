#include "seccomp_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::feed {

Result<SeccompLibrary> load_seccomp_library() {
    auto library = SharedLibrary::open("libseccomp.so.2", "libseccomp2");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    SeccompLibrary seccomp{};
    library->find(seccomp.init, "seccomp_init");
    library->find(seccomp.release, "seccomp_release");
    library->find(seccomp.attr_set, "seccomp_attr_set");
    library->find(seccomp.rule_add, "seccomp_rule_add_array");
    library->find(seccomp.load, "seccomp_load");
    auto whole = library->whole();
    return whole ? Result<SeccompLibrary>{seccomp} : Unexpected{std::move(whole.error())};
}

}  // namespace ostrakon::feed
