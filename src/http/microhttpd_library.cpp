#include "microhttpd_library.hpp"

#include "ostrakon/base/shared_library.hpp"

namespace ostrakon::http {

Result<MicrohttpdLibrary> load_microhttpd_library() {
    auto library = SharedLibrary::open("libmicrohttpd.so.12", "libmicrohttpd12");
    if (!library) {
        return Unexpected{std::move(library.error())};
    }
    MicrohttpdLibrary mhd{};
    library->find(mhd.start_daemon, "MHD_start_daemon");
    library->find(mhd.stop_daemon, "MHD_stop_daemon");
    library->find(mhd.run, "MHD_run");
    library->find(mhd.get_daemon_info, "MHD_get_daemon_info");
    library->find(mhd.get_timeout, "MHD_get_timeout");
    library->find(mhd.add_connection, "MHD_add_connection");
    library->find(mhd.get_connection_info, "MHD_get_connection_info");
    library->find(mhd.get_connection_values, "MHD_get_connection_values");
    library->find(mhd.suspend_connection, "MHD_suspend_connection");
    library->find(mhd.resume_connection, "MHD_resume_connection");
    library->find(mhd.create_response, "MHD_create_response_from_buffer");
    library->find(mhd.add_response_header, "MHD_add_response_header");
    library->find(mhd.queue_response, "MHD_queue_response");
    library->find(mhd.destroy_response, "MHD_destroy_response");
    if (auto whole = library->whole(); !whole) {
        return Unexpected{std::move(whole.error())};
    }
    return mhd;
}

}  // namespace ostrakon::http
