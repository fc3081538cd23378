// What a sweep is about to do, and what it cannot decide, said before its first trial.
#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/terminal.hpp"
#include "soap/base/text.hpp"
#include "soap/report/sweep_verdict.hpp"
#include "soap/sweep/choice_order.hpp"
#include "soap/sweep/halving.hpp"
#include "soap/sweep/sweep_trial.hpp"

#include "command_line.hpp"
#include "sweep_settings.hpp"

namespace sweep_app {

using command_line::page_width;

// A paragraph of standard output.
inline std::string wrapped(const std::string& text, std::size_t indent = 0) {
  return soap::wrapped(text, page_width(), indent) + "\n";
}

// The first trial of each method in each problem, in the order that they were asked for.
inline std::vector<soap::TrialSetting> first_of_each_method(const Settings& settings) {
  std::set<std::pair<std::string, std::string>> seen;
  std::vector<soap::TrialSetting> first;
  for (std::size_t i = 0; i < settings.tuning.size(); i += settings.seeds.size()) {
    const soap::TrialSetting& trial = settings.tuning[i];
    if (seen.emplace(soap::problem_of(trial), soap::method_of(trial)).second) first.push_back(trial);
  }
  return first;
}

// How many of what a sweep consists of.
struct Size {
  explicit Size(const Settings& settings) {
    std::set<std::string> problem_names;
    std::set<std::string> method_names;
    for (const auto& trial : first_of_each_method(settings)) {
      problem_names.insert(soap::problem_of(trial));
      if (method_names.insert(soap::method_of(trial)).second) methods.push_back(soap::method_of(trial));
    }
    problems = problem_names.size();
    seeds = settings.seeds.size();
    choices = settings.tuning.size() / (problems * methods.size() * seeds);
    tuning_of_a_method = settings.halving ? soap::halving_trials(choices, seeds) : choices * seeds;
  }

  std::vector<std::string> methods;
  std::size_t problems = 0;
  std::size_t choices = 0;  // of each method in each problem
  std::size_t seeds = 0;
  std::size_t tuning_of_a_method = 0;
};

inline std::string counted(std::size_t count, const std::string& noun) {
  return soap::with_thousands(static_cast<std::int64_t>(count)) + " " + noun + (count == 1 ? "" : "s");
}

// "18 tuning trials (3 methods x 3 settings x 2 seeds), then 2 for each method's best setting".
inline std::string trials_text(const Settings& settings) {
  const Size size(settings);
  const std::string problems = size.problems > 1 ? counted(size.problems, "problem") + " x " : "";
  std::string text = counted(size.problems * size.methods.size() * size.tuning_of_a_method, "tuning trial");
  text += settings.halving ? ", by successive halving of (" : " (";
  text += problems + counted(size.methods.size(), "method") + " x " + counted(size.choices, "setting") +
          " x " + counted(size.seeds, "seed") + ")";
  if (settings.extend) text += " before the grid is widened";
  text += ", then " + std::to_string(size.seeds) + " for each method's best setting";
  if (settings.variance_seeds > 0)
    text += ", and " + std::to_string(settings.variance_seeds) + " more for each source of its variance";
  return text;
}

// What the report of such a sweep will not be able to say, a sentence each.
inline std::vector<std::string> undecidable(const Settings& settings) {
  const Size size(settings);
  const std::size_t methods = size.methods.size();
  std::vector<std::string> sentences;
  const auto check = [&](std::size_t tests, const std::string& what) {
    const std::size_t needed = soap::seeds_to_decide(tests);
    if (size.seeds >= needed) return;
    sentences.push_back(what + (tests == 1 ? " takes " : " take ") + std::to_string(needed) +
                        " seeds or more to decide anything; found " + std::to_string(size.seeds));
  };
  if (methods < 2) return sentences;
  if (std::find(size.methods.begin(), size.methods.end(), settings.report.baseline) == size.methods.end()) {
    sentences.push_back("there is no " + settings.report.baseline +
                        " among the methods, so that none is compared with it; see --baseline");
  } else {
    check(methods - 1, counted(methods - 1, "comparison") + " with " + settings.report.baseline);
  }
  if (methods > 2)
    check(methods * (methods - 1) / 2, counted(methods * (methods - 1) / 2, "pair") + " of methods");
  return sentences;
}

// All values of each part of the settings.
inline std::string values_text(const Settings& settings) {
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> values;
  std::set<std::string> given;
  for (std::size_t i = 0; i < settings.tuning.size(); i += settings.seeds.size()) {
    for (const auto& value : soap::ChoiceKey(settings.tuning[i]).values()) {
      if (value.given) given.insert(value.name);
      auto& known = values[value.name];
      if (known.empty()) names.push_back(value.name);
      if (std::find(known.begin(), known.end(), value.text) == known.end()) known.push_back(value.text);
    }
  }
  std::string searched;
  std::string fixed;
  for (const std::string& name : names) {
    if (values[name].size() > 1) {
      searched += wrapped("searched: " + name + " " + soap::join(values[name], ", "), 10);
    } else if (given.contains(name)) {
      fixed += (fixed.empty() ? "" : ", ") + name + " " + values[name].front();
    }
  }
  return searched + (fixed.empty() ? "" : wrapped("for all: " + fixed, 9));
}

// `--dry-run`: all that is known before the first trial.
inline std::string plan(const Settings& settings, const soap::SweepData& data) {
  const Size size(settings);
  std::set<std::string> problems;
  std::string text;
  double work = 0;
  for (const soap::TrialSetting& trial : first_of_each_method(settings)) {
    const std::string problem = soap::problem_of(trial);
    if (problems.insert(problem).second) text += wrapped("problem: " + problem, 9);
    soap::TrialSetting judging = trial;
    judging.validation = 0;
    work += static_cast<double>(size.tuning_of_a_method) * soap::trial_work(trial, data) +
            static_cast<double>(size.seeds) * soap::trial_work(judging, data);
  }
  std::vector<std::string> seeds;
  for (const auto seed : settings.seeds) seeds.push_back(std::to_string(seed));
  std::ostringstream rounded;
  rounded.precision(2);
  rounded << work;
  return text + wrapped("methods: " + soap::join(size.methods, "; "), 9) + values_text(settings) +
         wrapped("seeds: " + soap::join(seeds, " "), 7) + "work: " + rounded.str() + " multiply-adds\n";
}

}  // namespace sweep_app
