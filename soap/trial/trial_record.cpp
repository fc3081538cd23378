#include "soap/trial/trial_record.hpp"

#include <limits>
#include <string_view>

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/trial/json_fields.hpp"
#include "soap/trial/method.hpp"
#include "soap/trial/trial_settings.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

using nlohmann::ordered_json;

// A change of what a field means, or of what a trial does with it, needs a new number: old results are then
// run again.
constexpr int format = 3;
constexpr const char* kind_of_file = "the result of a trial";

bool decides_result(const SettingRow& row) { return row.role != SettingRole::logging; }

ordered_json setting_json(const TrialSetting& setting) {
  ordered_json json;
  write_settings(trial_settings, setting.options, json,
                 [](const SettingRow& row) { return decides_result(row) && !stands_last(row); });
  write_settings(evaluation_settings, setting, json, decides_result);
  json["scalar"] = scalar_name;
  write_settings(trial_settings, setting.options, json,
                 [](const SettingRow& row) { return decides_result(row) && stands_last(row); });
  return json;
}

// A report may read results of rules that another program has; these keep the spelling that they came with.
TrialSetting canonical_where_known(TrialSetting setting) {
  try {
    setting.options = canonical(setting.options);
  } catch (const std::invalid_argument&) {
  }
  return setting;
}

std::string key_of(const ordered_json& setting) {
  return to_hex(fingerprint(std::to_string(format) + setting.dump()));
}

TrialSetting setting_from(const JsonFields& fields) {
  if (fields.text("scalar") != scalar_name) fields.fail("scalar", scalar_name);
  TrialSetting setting;
  read_settings(trial_settings, fields, setting.options, decides_result);
  read_settings(evaluation_settings, fields, setting, decides_result);
  return setting;
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

// JSON has no infinity, and writes null: a network may have a loss that is too large for a number on images
// that it was not trained with.
ordered_json judged_json(const std::optional<Evaluation>& judged) {
  if (!judged) return nullptr;
  return {{"loss", judged->loss}, {"accuracy", or_null(judged->accuracy)}};
}

std::optional<Evaluation> judged_from(const JsonFields& record) {
  if (record.is_null("judged")) return std::nullopt;
  const JsonFields judged = record.object("judged");
  return Evaluation{
      .loss = judged.number_or_null("loss", any_number).value_or(std::numeric_limits<double>::infinity()),
      .accuracy = judged.number_or_null("accuracy", from_0_to_1)};
}

TrialStatus status_from(const JsonFields& record) {
  for (const TrialStatus status : {TrialStatus::finished, TrialStatus::diverged, TrialStatus::failed}) {
    if (to_text(status) == record.text("status")) return status;
  }
  record.fail("status", "finished, diverged or failed");
}

std::vector<TrialSample> samples_from(const JsonFields& record, std::int64_t examples) {
  const std::vector<JsonFields> all = record.objects("samples");
  std::vector<TrialSample> samples;
  // No larger than needed: a sweep may leave a hundred thousand records.
  samples.reserve(all.size());
  for (const JsonFields& sample : all) {
    samples.push_back({.examples = sample.integer("examples", 0, examples),
                       .loss = sample.number("loss", any_number),
                       .accuracy = sample.number("accuracy", from_0_to_1),
                       .transported_bits = sample.number_or_null("transported_bits", from_0)});
  }
  return samples;
}

TrialRecord record_from(const JsonFields& fields) {
  TrialRecord record;
  record.setting = setting_from(fields.object("setting"));
  record.status = status_from(fields);
  record.message = fields.text("message");
  record.epochs = fields.integer("epochs", 0, record.setting.options.epochs);
  record.steps = fields.integer("steps", 0);
  record.examples = fields.integer("examples", 0);
  record.passes_per_example = fields.number("passes_per_example", above_0);
  record.classes = fields.integer("classes", 1);
  record.final_train_loss = fields.number_or_null("final_train_loss", any_number);
  record.judged = judged_from(fields);
  record.steps_to_target = fields.integer_or_null("steps_to_target", 0, record.steps);
  record.transported_bits = fields.number_or_null("transported_bits", from_0);
  record.samples = samples_from(fields, record.examples);
  return record;
}

// The last field of a record is the fingerprint of all bytes before it.
std::string with_fingerprint(std::string text) {
  text.erase(text.rfind("\n}"));
  const std::string mark = to_hex(fingerprint(text));
  return text.append(",\n \"fingerprint\": \"").append(mark).append("\"\n}\n");
}

void check_fingerprint(const std::string& bytes, const JsonFields& fields, const std::string& path) {
  const std::size_t contents = bytes.rfind(",\n \"fingerprint\"");
  const std::string found = to_hex(fingerprint(std::string_view(bytes).substr(0, contents)));
  if (contents != std::string::npos && with_fingerprint(bytes.substr(0, contents) + "\n}") == bytes) return;
  throw IoError(path, IoError::no_offset, "contents with the fingerprint " + found,
                in_quotes(fields.text("fingerprint")) + " as the file says, and nothing after it");
}

}  // namespace

std::string trial_key(const TrialSetting& setting) {
  return key_of(setting_json(canonical_where_known(setting)));
}

std::string to_json(const TrialRecord& record) {
  ordered_json samples = ordered_json::array();
  for (const TrialSample& sample : record.samples) {
    samples.push_back({{"examples", sample.examples},
                       {"loss", sample.loss},
                       {"accuracy", sample.accuracy},
                       {"transported_bits", or_null(sample.transported_bits)}});
  }
  const ordered_json json = {{"format", format},
                             {"setting", setting_json(canonical_where_known(record.setting))},
                             {"status", to_text(record.status)},
                             {"message", record.message},
                             {"epochs", record.epochs},
                             {"steps", record.steps},
                             {"examples", record.examples},
                             {"passes_per_example", record.passes_per_example},
                             {"classes", record.classes},
                             {"final_train_loss", or_null(record.final_train_loss)},
                             {"judged", judged_json(record.judged)},
                             {"steps_to_target", or_null(record.steps_to_target)},
                             {"transported_bits", or_null(record.transported_bits)},
                             {"samples", std::move(samples)}};
  return with_fingerprint(json.dump(1));
}

TrialRecord parse_trial_record(const std::string& bytes, const std::string& name) {
  const ordered_json json = parse_json(bytes, name, kind_of_file);
  const JsonFields fields(json, name);
  if (const auto found = fields.integer("format", 0); found != format) {
    throw IoError(name, IoError::no_offset, "the result of a trial in format " + std::to_string(found),
                  "format " + std::to_string(format));
  }
  check_fingerprint(bytes, fields, name);
  TrialRecord record = record_from(fields);
  // By the letter: keys are those of canonical settings, so that no other is read.
  record.key = key_of(setting_json(record.setting));
  return record;
}

TrialRecord read_trial_record(const std::filesystem::path& path) {
  TrialRecord record = parse_trial_record(read_ordinary_file(path, kind_of_file), path.string());
  if (path.stem() == record.key) return record;
  throw IoError(path.string(), IoError::no_offset, "the setting of " + record.key,
                "the one that the file is named by");
}

std::string data_identity(const TrainTest& data) {
  const std::uint64_t content = fingerprint(data);
  return data_name(data, content) + ", " + std::to_string(data.train.size()) + "+" +
         std::to_string(data.test.size()) + " images, " + std::to_string(data.train.features()) +
         " inputs, " + std::to_string(data.train.outputs()) + " classes, " + to_hex(content);
}

std::string problem_of(const TrialSetting& setting) {
  // "784 inputs" and "10 classes" are said by the data's own name.
  return setting_words(trial_settings, problem_roles, setting.options) + "; " + setting.data;
}

std::string method_of(const TrialSetting& setting) { return method_name(setting.options); }

std::string choice_of(const TrialSetting& setting) {
  return setting_words(trial_settings, chosen_roles, setting.options);
}

std::string evaluation_of(const TrialSetting& setting) {
  return setting_words(evaluation_settings, evaluation_roles, setting);
}

}  // namespace SOAP_ABI
}  // namespace soap
