// The result of a trial under the name that its reader asks for.
#pragma once

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/trial/trial_record.hpp"

#include "tests/fuzz/readers.hpp"

namespace fuzz {

/// The record with the fingerprint of its contents, where it says one: else a change of any byte would be
/// refused for that, whatever the reader makes of the rest.
inline std::string sealed(std::string_view bytes) {
  constexpr std::string_view before_it = ",\n \"fingerprint\": \"";
  std::string record(bytes);
  const std::size_t contents = record.rfind(before_it);
  if (contents == std::string::npos) return record;
  const std::string digits = soap::to_hex(soap::fingerprint(bytes.substr(0, contents)));
  const std::size_t at = contents + before_it.size();
  if (record.size() - at > digits.size()) record.replace(at, digits.size(), digits);
  return record;
}

/// A file FOLDER/KEY.json with these bytes, sealed: a record counts only under the key of its setting. Bytes
/// that are none come to "input.json".
inline std::filesystem::path record_file(std::string_view bytes, const std::filesystem::path& folder) {
  const std::string record = sealed(bytes);
  std::string name = "input";
  try {
    name = soap::parse_trial_record(record, name).key;
  } catch (const soap::IoError&) {
  }
  return file(record, folder / (name + ".json"));
}

}  // namespace fuzz
