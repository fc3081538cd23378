// Made-up results of sweeps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "soap/trial/trial_record.hpp"

namespace test {

inline soap::TrialRecord tuned(const std::string& rule, double lr, std::uint64_t seed, double accuracy) {
  soap::TrialRecord record;
  record.setting = {.options = {.rule = rule, .lr = lr, .seed = seed},
                    .data = "images",
                    .validation = 100,
                    .evaluations = 2};
  record.epochs = 1;
  record.steps = 100;
  record.examples = 6400;
  record.classes = 10;
  record.final_train_loss = 2 * (1 - accuracy);
  record.judged = soap::Evaluation{.loss = 1 - accuracy, .accuracy = accuracy};
  record.steps_to_target = 40;
  record.transported_bits = rule == "bp" ? 1000 : 0;
  record.samples = {
      {.examples = 3200, .loss = 1, .accuracy = accuracy / 2, .transported_bits = record.transported_bits},
      {.examples = 6400, .loss = 1, .accuracy = accuracy, .transported_bits = record.transported_bits}};
  return record;
}

inline soap::TrialRecord judged(const std::string& rule, double lr, std::uint64_t seed, double accuracy) {
  soap::TrialRecord record = tuned(rule, lr, seed, accuracy);
  record.setting.validation = 0;
  record.setting.evaluations = 1;
  record.samples.clear();
  return record;
}

inline soap::TrialRecord diverged(soap::TrialRecord record) {
  record.status = soap::TrialStatus::diverged;
  record.message = "the loss became infinite";
  record.judged.reset();
  record.final_train_loss.reset();
  record.steps_to_target.reset();
  record.samples.clear();
  return record;
}

inline soap::TrialRecord failed(soap::TrialRecord record) {
  record = diverged(std::move(record));
  record.status = soap::TrialStatus::failed;
  record.message = "training cannot go on at epoch 1, step 2: no way down";
  return record;
}

/// A whole sweep of two learning rates, of which 0.1 is the better one: rule i of n is worth 0.9 - i/100, and
/// seed j adds j/1000.
inline std::vector<soap::TrialRecord> sweep(const std::vector<std::string>& rules, std::uint64_t seeds) {
  std::vector<soap::TrialRecord> records;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      const double worth = 0.9 - static_cast<double>(i) / 100 + static_cast<double>(seed) / 1000;
      for (const double lr : {0.01, 0.1, 1.0})
        records.push_back(tuned(rules[i], lr, seed, lr == 0.1 ? worth : worth - 0.2));
      records.push_back(judged(rules[i], 0.1, seed, worth));
    }
  }
  return records;
}

}  // namespace test
