#include "soap/base/error.hpp"
#include "soap/trial/trial_record.hpp"

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/record_file.hpp"

namespace fuzz {

bool record(std::string_view bytes) {
  return taken<soap::IoError>([&] {
    const soap::TrialRecord read = soap::read_trial_record(record_file(bytes, "record"));
    const std::string text = soap::to_json(read);
    require(soap::to_json(soap::read_trial_record(record_file(text, "record"))) == text,
            "a record that reads back as another");
  });
}

}  // namespace fuzz
