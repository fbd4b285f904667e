// The functions of libmicrohttpd that are used, loaded when something is to be served over HTTP:
// it brings a TLS library along, which no other start shall wait for. Included by this module's
// sources only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <microhttpd.h>
#include <cstdarg>

namespace ostrakon::http {

struct MicrohttpdLibrary {
    decltype(&MHD_start_daemon) start_daemon;
    decltype(&MHD_stop_daemon) stop_daemon;
    decltype(&MHD_run) run;
    decltype(&MHD_get_daemon_info) get_daemon_info;
    decltype(&MHD_get_timeout) get_timeout;
    decltype(&MHD_add_connection) add_connection;
    decltype(&MHD_get_connection_info) get_connection_info;
    decltype(&MHD_get_connection_values) get_connection_values;
    decltype(&MHD_suspend_connection) suspend_connection;
    decltype(&MHD_resume_connection) resume_connection;
    decltype(&MHD_create_response_from_buffer) create_response;
    decltype(&MHD_add_response_header) add_response_header;
    decltype(&MHD_queue_response) queue_response;
    decltype(&MHD_destroy_response) destroy_response;
};

/// The same for the whole program. Error: System.
Result<MicrohttpdLibrary> load_microhttpd_library();

}  // namespace ostrakon::http
