// How what owns a handle of libuv ends.
#pragma once

#include <uv.h>

namespace ostrakon::server {

/// Closes `owner->handle` and deletes the owner afterwards; nothing if there is none. libuv keeps a
/// pointer to a handle until its close callback has run, so handles live on the heap, and a
/// function that is being called stays alive when it destroys its own watch.
template <class Owner>
void close_and_delete(Owner* owner) {
    if (owner != nullptr) {
        owner->handle.data = owner;
        uv_close(reinterpret_cast<uv_handle_t*>(&owner->handle),
                 [](uv_handle_t* handle) { delete static_cast<Owner*>(handle->data); });
    }
}

}  // namespace ostrakon::server
