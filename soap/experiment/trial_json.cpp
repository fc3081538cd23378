#include "soap/experiment/trial_json.hpp"

#include <stdexcept>

#include "soap/experiment/chance_sources.hpp"
#include "soap/learn/step_registry.hpp"

namespace soap::inline SOAP_ABI {

namespace {

std::string seed_name(ChanceSource source) { return to_text(source) + "_seed"; }

BatchSizes read_batch_sizes(const JsonFields& fields) {
  try {
    return parse_batch_sizes(fields.text("batch_sizes"));
  } catch (const std::invalid_argument&) {
    fields.fail("batch_sizes", "one of the kinds of batch sizes");
  }
}

}  // namespace

std::string step_kind(const TrialOptions& options) {
  return is_step(options.rule) ? options.rule : options.step;
}

nlohmann::ordered_json options_json(const TrialOptions& options) {
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
          {"epochs", options.epochs}};
}

TrialOptions read_options(const JsonFields& fields) {
  TrialOptions options;
  options.rule = fields.text("rule");
  const std::string step = fields.text("step_kind");
  if (!is_step(options.rule)) options.step = step;
  options.lr = fields.number("lr", above_0);
  options.seed = fields.seed("seed");
  const auto hidden = fields.integers("hidden", 1);
  options.hidden.assign(hidden.begin(), hidden.end());
  options.activation = fields.text("activation");
  options.initializer = fields.text("init");
  options.loss = fields.text("loss");
  options.optimizer = fields.text("optimizer");
  options.schedule = fields.text("schedule");
  options.batch_size = fields.integer("batch_size", 1);
  options.batch_sizes = read_batch_sizes(fields);
  options.epochs = fields.integer("epochs", 1);
  for (const ChanceSource source : chance_sources) {
    if (fields.has(seed_name(source))) own_seed(options, source) = fields.seed(seed_name(source));
  }
  return options;
}

void write_own_seeds(const TrialOptions& options, nlohmann::ordered_json& json) {
  for (const ChanceSource source : chance_sources) {
    if (has_own_seed(options, source)) json[seed_name(source)] = seed_of(options, source);
  }
}

}  // namespace soap::inline SOAP_ABI
