#include "soap/experiment/trial_record.hpp"

#include <string_view>

#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"
#include "soap/base/fingerprint.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/experiment/chance_sources.hpp"
#include "soap/learn/step_registry.hpp"

namespace soap::inline SOAP_ABI {

namespace {

using nlohmann::ordered_json;

// A change of what a field means, or of what a trial does with it, needs a new number: old results are then
// run again.
constexpr int format = 2;

constexpr std::string_view between_rule_and_step = ", ";

std::string step_kind(const TrialOptions& options) {
  return is_step(options.rule) ? options.rule : options.step;
}

ordered_json ordinary_setting_json(const TrialSetting& setting) {
  const TrialOptions& options = setting.options;
  return {{"rule", options.rule},
          {"step_kind", step_kind(options)},
          {"lr", options.lr},
          {"seed", options.seed},
          {"hidden", options.hidden},
          {"activation", options.activation},
          {"init", options.initializer},
          {"loss", options.loss},
          {"optimizer", options.optimizer},
          {"schedule", options.schedule},
          {"batch_size", options.batch_size},
          {"batch_sizes", to_text(options.batch_sizes)},
          {"epochs", options.epochs},
          {"data", setting.data},
          {"validation", setting.validation},
          {"evaluations", setting.evaluations},
          {"target_loss", setting.target_loss},
          {"scalar", sizeof(Scalar) == sizeof(float) ? "float" : "double"}};
}

ordered_json setting_json(const TrialSetting& setting) {
  ordered_json json = ordinary_setting_json(setting);
  write_own_seeds(setting.options, json);
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

TrialSetting setting_from(const ordered_json& json) {
  TrialSetting setting;
  TrialOptions& options = setting.options;
  json.at("rule").get_to(options.rule);
  json.at("step_kind").get_to(options.step);
  if (is_step(options.rule)) options.step = TrialOptions().step;
  json.at("lr").get_to(options.lr);
  json.at("seed").get_to(options.seed);
  json.at("hidden").get_to(options.hidden);
  json.at("activation").get_to(options.activation);
  json.at("init").get_to(options.initializer);
  json.at("loss").get_to(options.loss);
  json.at("optimizer").get_to(options.optimizer);
  json.at("schedule").get_to(options.schedule);
  json.at("batch_size").get_to(options.batch_size);
  options.batch_sizes = parse_batch_sizes(json.at("batch_sizes").get<std::string>());
  json.at("epochs").get_to(options.epochs);
  json.at("data").get_to(setting.data);
  json.at("validation").get_to(setting.validation);
  json.at("evaluations").get_to(setting.evaluations);
  json.at("target_loss").get_to(setting.target_loss);
  read_own_seeds(json, options);
  return setting;
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

template <class T>
std::optional<T> optional_at(const ordered_json& json, const char* name) {
  const ordered_json& value = json.at(name);
  if (value.is_null()) return std::nullopt;
  return value.get<T>();
}

ordered_json judged_json(const std::optional<Evaluation>& judged) {
  if (!judged) return nullptr;
  return {{"loss", judged->loss}, {"accuracy", or_null(judged->accuracy)}};
}

std::optional<Evaluation> judged_from(const ordered_json& json) {
  if (json.is_null()) return std::nullopt;
  return Evaluation{.loss = json.at("loss").get<double>(), .accuracy = optional_at<double>(json, "accuracy")};
}

TrialStatus status_from(const std::string& text) {
  for (const TrialStatus status : {TrialStatus::finished, TrialStatus::diverged, TrialStatus::failed}) {
    if (to_text(status) == text) return status;
  }
  throw std::invalid_argument("the status '" + text + "'");
}

TrialRecord record_from(const ordered_json& json) {
  TrialRecord record;
  record.setting = setting_from(json.at("setting"));
  record.status = status_from(json.at("status").get<std::string>());
  json.at("message").get_to(record.message);
  json.at("epochs").get_to(record.epochs);
  json.at("steps").get_to(record.steps);
  json.at("examples").get_to(record.examples);
  json.at("passes_per_example").get_to(record.passes_per_example);
  json.at("classes").get_to(record.classes);
  record.final_train_loss = optional_at<double>(json, "final_train_loss");
  record.judged = judged_from(json.at("judged"));
  record.steps_to_target = optional_at<std::int64_t>(json, "steps_to_target");
  record.transported_bits = optional_at<double>(json, "transported_bits");
  // No larger than needed: a sweep may leave a hundred thousand records.
  record.samples.reserve(json.at("samples").size());
  for (const ordered_json& sample : json.at("samples")) {
    record.samples.push_back({.examples = sample.at("examples").get<std::int64_t>(),
                              .loss = sample.at("loss").get<double>(),
                              .accuracy = sample.at("accuracy").get<double>(),
                              .transported_bits = optional_at<double>(sample, "transported_bits")});
  }
  return record;
}

// The parser's own words are for programmers; of them only the byte is kept.
ordered_json parse(const std::filesystem::path& path, const std::string& bytes) {
  // The parser takes a zero byte for the end of the text. Power cuts leave them.
  if (const auto zero = bytes.find('\0'); zero != std::string::npos) {
    throw IoError(path.string(), static_cast<std::int64_t>(zero), "a zero byte", "the result of a trial");
  }
  try {
    return ordered_json::parse(bytes);
  } catch (const ordered_json::parse_error& error) {
    throw IoError(path.string(), static_cast<std::int64_t>(error.byte),
                  bytes.empty() ? "an empty file" : "text that is not JSON, or ends too early",
                  "the result of a trial");
  }
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
  return json.dump(1) + "\n";
}

TrialRecord read_trial_record(const std::filesystem::path& path) {
  const ordered_json json = parse(path, read_ordinary_file(path, "the result of a trial"));
  const auto refuse = [&](const std::string& found, const std::string& expected) {
    throw IoError(path.string(), IoError::no_offset, found, expected);
  };
  if (!json.is_object() || !json.contains("format")) refuse("other JSON", "the result of a trial");
  if (json["format"] != format) {
    refuse("the result of a trial in format " + json["format"].dump(), "format " + std::to_string(format));
  }
  TrialRecord record;
  try {
    record = record_from(json);
  } catch (const std::exception& error) {
    refuse(std::string("a field that is missing or not what it should be (") + error.what() + ")",
           "the result of a trial");
  }
  // By the letter: keys are those of canonical settings, so that no other is read.
  record.key = key_of(setting_json(record.setting));
  if (path.stem() != record.key) refuse("the setting of " + record.key, "the one that the file is named by");
  return record;
}

std::string data_identity(const TrainTest& data) {
  const std::uint64_t content = fingerprint(data);
  return data_name(data, content) + ", " + std::to_string(data.train.size()) + "+" +
         std::to_string(data.test.size()) + " images, " + std::to_string(data.train.features()) +
         " inputs, " + std::to_string(data.train.outputs()) + " classes, " + to_hex(content);
}

std::string problem_of(const TrialSetting& setting) {
  const TrialOptions& options = setting.options;
  // "784 inputs" and "10 classes" are said by the data's own name.
  std::string hidden;
  for (const Index size : options.hidden)
    hidden.append(hidden.empty() ? "" : "-").append(std::to_string(size));
  return (hidden.empty() ? std::string("no hidden layer") : std::string("hidden ").append(hidden)) + ", " +
         options.activation + ", " + options.loss + ", epochs " + std::to_string(options.epochs) + "; " +
         setting.data;
}

std::string method_of(const TrialSetting& setting) {
  const std::string step = step_kind(setting.options);
  const bool ordinary = step == TrialOptions().step || step == setting.options.rule;
  return ordinary ? setting.options.rule
                  : std::string(setting.options.rule).append(between_rule_and_step).append(step);
}

std::string canonical_method(const std::string& method) {
  const std::size_t comma = method.find(between_rule_and_step);
  try {
    std::string text = canonical_rule(method.substr(0, comma));
    if (comma == std::string::npos) return text;
    const std::string step = canonical_step(method.substr(comma + between_rule_and_step.size()));
    return step == TrialOptions().step ? text : text.append(between_rule_and_step).append(step);
  } catch (const std::invalid_argument&) {
    return method;
  }
}

std::string choice_of(const TrialSetting& setting) {
  const TrialOptions& options = setting.options;
  return "lr " + to_text(options.lr) + ", " + options.optimizer + ", " + options.schedule + ", batch " +
         std::to_string(options.batch_size) +
         (options.batch_sizes == BatchSizes::even ? std::string()
                                                  : std::string(" ").append(to_text(options.batch_sizes))) +
         ", " + options.initializer;
}

}  // namespace soap::inline SOAP_ABI
