// The functions of ldns that are used, loaded when somebody is to be asked. Included by sources
// only: no interface of a module has its types.
#pragma once

#include "ostrakon/base/result.hpp"

#include <ldns/ldns.h>

namespace ostrakon::ldns {

struct Library {
    decltype(&ldns_dname_new_frm_data) name_new;
    decltype(&ldns_wire2dname) wire_to_name;
    decltype(&ldns_rdf_deep_free) rdf_free;
    decltype(&ldns_rdf_data) rdf_data;
    decltype(&ldns_rdf_size) rdf_size;
    decltype(&ldns_pkt_query_new) query_new;
    decltype(&ldns_pkt_set_id) set_id;
    decltype(&ldns_pkt_set_edns_udp_size) set_udp_size;
    decltype(&ldns_pkt2wire) to_wire;
    decltype(&ldns_wire2pkt) from_wire;
    decltype(&ldns_pkt_free) packet_free;
    decltype(&ldns_pkt_get_rcode) rcode;
    decltype(&ldns_pkt_answer) answer;
    decltype(&ldns_rr_list_rr_count) count;
    decltype(&ldns_rr_list_rr) record;
    decltype(&ldns_rr_owner) owner;
    decltype(&ldns_rr_get_type) type;
    decltype(&ldns_rr_get_class) record_class;
    decltype(&ldns_rr_rd_count) rdf_count;
    decltype(&ldns_rr_rdf) rdf;
    decltype(&ldns_rr2str) record_text;
    decltype(&ldns_resolver_new_frm_file) resolver_new;
    decltype(&ldns_resolver_nameservers) nameservers;
    decltype(&ldns_resolver_nameserver_count) nameserver_count;
    decltype(&ldns_resolver_deep_free) resolver_free;
};

Result<Library> load_library();

}  // namespace ostrakon::ldns
