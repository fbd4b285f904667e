// One query on its way to its answer: what the steps of answering hand each other.
//
// The steps are in files of their own: responder/zone_answer.hpp chooses what a zone says,
// responder/records.hpp writes it.
#pragma once

#include "ostrakon/dns/message_writer.hpp"
#include "ostrakon/responder/pending_query.hpp"

namespace ostrakon::responder {

struct Exchange {
    const PendingQuery& asked;
    const dns::Query& query;  ///< asked.query
    const Client& client;
    const tsig::Key* signer;  ///< Whose signature is believed; null: nobody's.
    Incident& incident;
    AnswerFacts& facts;
    ToldOwn& told_own;
    const Site::Prepared& site;
    verdict::Judge& judge;
    bool has_snapshot;  ///< False: the judge must not be asked.
    UnixTime now;
    dns::MessageWriter& writer;
};

}  // namespace ostrakon::responder
