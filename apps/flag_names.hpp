// What people type who come from other programs, and which flag of ours they mean.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "soap/base/text.hpp"

namespace command_line {

/// The names under which PyTorch, Keras and their example programs know a flag.
struct Synonym {
  std::string_view typed;
  std::string_view flag;
};

inline constexpr std::array synonyms{
    Synonym{"learning-rate", "lr"},
    Synonym{"lr-init", "lr"},
    Synonym{"eta", "lr"},
    Synonym{"step-size", "lr"},
    Synonym{"batch", "batch-size"},
    Synonym{"bs", "batch-size"},
    Synonym{"mini-batch", "batch-size"},
    Synonym{"minibatch", "batch-size"},
    Synonym{"train-batch-size", "batch-size"},
    Synonym{"wd", "weight-decay"},
    Synonym{"decay", "weight-decay"},
    Synonym{"l2", "weight-decay"},
    Synonym{"lr-decay", "schedule"},
    Synonym{"lr-schedule", "schedule"},
    Synonym{"lr-scheduler", "schedule"},
    Synonym{"scheduler", "schedule"},
    Synonym{"gamma", "schedule"},
    Synonym{"warmup", "schedule"},
    Synonym{"opt", "optimizer"},
    Synonym{"optim", "optimizer"},
    Synonym{"beta", "optimizer"},
    Synonym{"beta1", "optimizer"},
    Synonym{"beta2", "optimizer"},
    Synonym{"nesterov", "optimizer"},
    Synonym{"eps", "optimizer"},
    Synonym{"n-epochs", "epochs"},
    Synonym{"num-epochs", "epochs"},
    Synonym{"iterations", "epochs"},
    Synonym{"max-epochs", "epochs"},
    Synonym{"hidden-size", "hidden"},
    Synonym{"hidden-sizes", "hidden"},
    Synonym{"hidden-units", "hidden"},
    Synonym{"hidden-dim", "hidden"},
    Synonym{"layers", "hidden"},
    Synonym{"width", "hidden"},
    Synonym{"nonlinearity", "activation"},
    Synonym{"act", "activation"},
    Synonym{"initializer", "init"},
    Synonym{"weight-init", "init"},
    Synonym{"rule", "rules"},
    Synonym{"method", "rules"},
    Synonym{"methods", "rules"},
    Synonym{"algorithm", "rules"},
    Synonym{"feedback", "rules"},
    Synonym{"steps", "step"},
    Synonym{"random-seed", "seed"},
    Synonym{"manual-seed", "seed"},
    Synonym{"num-seeds", "seeds"},
    Synonym{"runs", "seeds"},
    Synonym{"workers", "threads"},
    Synonym{"num-workers", "threads"},
    Synonym{"jobs", "threads"},
    Synonym{"num-threads", "threads"},
    Synonym{"n-jobs", "threads"},
    Synonym{"cores", "threads"},
    Synonym{"dataset", "data"},
    Synonym{"data-dir", "data"},
    Synonym{"data-path", "data"},
    Synonym{"root", "data"},
    Synonym{"output", "out"},
    Synonym{"output-dir", "out"},
    Synonym{"out-dir", "out"},
    Synonym{"save-dir", "out"},
    Synonym{"log-dir", "out"},
    Synonym{"outdir", "out"},
    Synonym{"val", "validation"},
    Synonym{"val-size", "validation"},
    Synonym{"validation-split", "validation"},
    Synonym{"log-every", "log-interval"},
    Synonym{"log-freq", "log-interval"},
    Synonym{"print-freq", "log-interval"},
    Synonym{"save", "save-model"},
    Synonym{"checkpoint", "checkpoint-every"},
    Synonym{"save-every", "checkpoint-every"},
    Synonym{"load", "resume"},
    Synonym{"continue", "resume"},
    Synonym{"force", "overwrite"},
};

/// What other programs have a flag for and ours have none, with the reason.
struct Missing {
  std::string_view typed;
  std::string_view reason;
};

inline constexpr std::string_view only_cpu = "everything runs on the processor's cores; see --threads";
inline constexpr std::string_view one_precision =
    "the programs compute in single precision; the library soap_f64 in double";
inline constexpr std::string_view one_loss = "each program has one loss, that of its task";

inline constexpr std::array without_counterpart{
    Missing{"device", only_cpu},
    Missing{"gpu", only_cpu},
    Missing{"gpus", only_cpu},
    Missing{"cuda", only_cpu},
    Missing{"no-cuda", only_cpu},
    Missing{"no-mps", only_cpu},
    Missing{"no-accel", only_cpu},
    Missing{"amp", one_precision},
    Missing{"fp16", one_precision},
    Missing{"precision", one_precision},
    Missing{"dtype", one_precision},
    Missing{"loss", one_loss},
    Missing{"criterion", one_loss},
    Missing{"dropout", "no layer drops units"},
    Missing{"test-batch-size", "evaluations choose the size of their batches, which changes no result"},
    Missing{"model", "the network is a multilayer perceptron; see --hidden"},
    Missing{"verbose", "progress is on standard error, which can be redirected"},
    Missing{"quiet", "progress is on standard error, which can be redirected"},
};

/// Which of a program's flags, "--lr", an unknown one stands for, best first: the one that other programs
/// call so, or those that begin with it or that it begins with; empty where none does.
inline std::vector<std::string> flags_meant(const std::string& unknown,
                                            const std::vector<std::string>& flags) {
  const auto has = [&](const std::string& flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
  };
  std::string name = unknown.substr(std::min(unknown.find_first_not_of('-'), unknown.size()));
  std::replace(name.begin(), name.end(), '_', '-');
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (has("--" + name)) return {"--" + name};
  for (const Synonym& synonym : synonyms) {
    const std::string flag = std::string("--").append(synonym.flag);
    if (name == synonym.typed && has(flag)) return {flag};
  }
  std::vector<std::string> found;
  constexpr std::size_t least = 2;  // letters that tell something
  for (const std::string& flag : flags) {
    const std::string_view own = std::string_view(flag).substr(2);
    if (name.size() >= least && own.starts_with(name)) found.push_back(flag);
  }
  return found;
}

/// The sentence about a flag that does not exist.
inline std::string unknown_flag(const std::string& unknown, const std::vector<std::string>& flags) {
  const auto meant = flags_meant(unknown, flags);
  if (!meant.empty()) return "unknown flag '" + unknown + "', expected " + soap::join(meant, " or ");
  const std::string name = unknown.substr(std::min(unknown.find_first_not_of('-'), unknown.size()));
  for (const Missing& missing : without_counterpart) {
    if (name == missing.typed)
      return std::string("unknown flag '").append(unknown).append("': ").append(missing.reason);
  }
  return soap::unknown_name("flag", unknown, flags);
}

}  // namespace command_line
