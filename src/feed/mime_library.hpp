// The functions of GMime that are used, loaded when a message is to be read. Included by
// complaint_mail.cpp only.
#pragma once

#include "ostrakon/base/result.hpp"

#include <gmime/gmime.h>

namespace ostrakon::feed {

struct MimeLibrary {
    decltype(&g_mime_init) init;
    decltype(&g_object_unref) object_unref;
    decltype(&g_free) free;
    decltype(&g_type_check_instance_is_a) is_a;
    decltype(&g_mime_multipart_get_type) multipart_type;
    decltype(&g_mime_message_part_get_type) message_part_type;
    decltype(&g_mime_part_get_type) part_type;
    decltype(&internet_address_mailbox_get_type) mailbox_type;
    decltype(&g_mime_stream_mem_new) mem_new;
    decltype(&g_mime_stream_mem_new_with_buffer) mem_new_with_buffer;
    decltype(&g_mime_stream_mem_get_byte_array) mem_bytes;
    decltype(&g_mime_parser_new_with_stream) parser_new;
    decltype(&g_mime_parser_construct_message) construct_message;
    decltype(&g_mime_message_get_mime_part) mime_part;
    decltype(&g_mime_message_get_from) from;
    decltype(&g_mime_message_get_date) date;
    decltype(&g_date_time_to_unix) date_to_unix;
    decltype(&g_mime_message_part_get_message) part_message;
    decltype(&g_mime_multipart_get_count) multipart_count;
    decltype(&g_mime_multipart_get_part) multipart_part;
    decltype(&g_mime_object_get_content_type) content_type;
    decltype(&g_mime_content_type_is_type) is_type;
    decltype(&g_mime_object_get_header_list) header_list;
    decltype(&g_mime_header_list_get_count) header_count;
    decltype(&g_mime_header_list_get_header_at) header_at;
    decltype(&g_mime_header_get_name) header_name;
    decltype(&g_mime_header_get_value) header_value;
    decltype(&g_mime_part_get_content) part_content;
    decltype(&g_mime_data_wrapper_write_to_stream) write_content;
    decltype(&internet_address_list_length) address_count;
    decltype(&internet_address_list_get_address) address_at;
    decltype(&internet_address_mailbox_get_addr) mailbox_address;
    decltype(&g_mime_utils_header_decode_date) decode_date;
    decltype(&g_date_time_unref) date_unref;
};

Result<MimeLibrary> load_mime_library();

}  // namespace ostrakon::feed
