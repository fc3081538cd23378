// Writes docs/results/weight_transport.md from two sweeps: all rules at one learning rate, and each at its
// best.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/experiment/sweep_figures.hpp"
#include "soap/experiment/sweep_report.hpp"
#include "soap/experiment/sweep_verdict.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/plot/png.hpp"

#include "command_line.hpp"
#include "confounder_diagram.hpp"

namespace {

const std::string baseline = "bp";

// A sweep of one problem.
struct Sweep {
  std::vector<soap::TrialRecord> records;
  soap::SweepSummary summary;

  [[nodiscard]] const soap::ProblemSummary& problem() const { return summary.problems.front(); }
};

Sweep read(const std::filesystem::path& out) {
  soap::StoredTrials trials = soap::read_trials(out);
  soap::SweepSummary summary = soap::summarize_sweep(trials, {.baseline = baseline});
  if (summary.problems.size() != 1 || !summary.problems.front().baseline) {
    throw std::invalid_argument(out.string() + ": found " + std::to_string(summary.problems.size()) +
                                " problems, expected one, with " + baseline + " among its rules");
  }
  return {std::move(trials.records), std::move(summary)};
}

const soap::MethodSummary* find(const Sweep& sweep, const std::string& name) {
  for (const auto& method : sweep.problem().methods) {
    if (method.method == name) return &method;
  }
  return nullptr;
}

bool decided(const soap::PairedDifference& difference) {
  return difference.corrected && *difference.corrected < soap::significance;
}

std::string in_words(const soap::PairedDifference& difference) {
  std::string text = soap::points_text(difference.mean) + " points";
  if (difference.interval) text += " (95 % interval " + soap::points_text(*difference.interval);
  if (difference.corrected) text += ", corrected p " + soap::p_text(*difference.corrected);
  if (difference.interval) text += ")";
  return text + (decided(difference) ? "" : ", undecided");
}

// What tuning did to the difference that one learning rate showed.
std::string conclusion(const soap::PairedDifference& one, const soap::PairedDifference& best) {
  if (!decided(one)) return "one learning rate had decided nothing";
  if (!decided(best))
    return "**with a learning rate of its own for each, these seeds cannot tell the two apart**";
  if ((one.mean > 0) != (best.mean > 0))
    return "**it turns around**: what one learning rate showed was the step size";
  return "it stays, " + soap::points_text(best.mean) + " in place of " + soap::points_text(one.mean) +
         " points";
}

std::string steps_text(const soap::MethodSummary& method) {
  if (!method.steps_to_target)
    return "not reached by " + std::to_string(method.judging.found - method.reached_target);
  return soap::with_thousands(static_cast<std::int64_t>(*method.steps_to_target + 0.5));
}

std::string verdict(const Sweep& one, const Sweep& best) {
  const soap::ChoiceNames names = choice_names(one.problem());
  const std::string rate = names.name(*find(one, baseline)->chosen);
  std::string text;
  for (const auto& method : one.problem().methods) {
    const auto* tuned = find(best, method.method);
    if (!method.to_baseline || tuned == nullptr || !tuned->to_baseline) continue;
    text += "- `" + method.method + "` less `" + baseline + "`: at " + rate + " for both " +
            in_words(*method.to_baseline) + "; each at its best " + in_words(*tuned->to_baseline) + ": " +
            conclusion(*method.to_baseline, *tuned->to_baseline) + ".\n";
  }
  if (text.empty()) throw std::invalid_argument("found no rule that both sweeps compare with " + baseline);
  return text + "\n";
}

std::string speed_table(const Sweep& one, const Sweep& best) {
  const soap::ChoiceNames names = choice_names(best.problem());
  std::string text = "| rule | steps, " + choice_names(one.problem()).name(*find(one, baseline)->chosen) +
                     " for all | steps, each at its best | its best |\n|---|---:|---:|---:|\n";
  for (const auto& method : one.problem().methods) {
    const auto* tuned = find(best, method.method);
    if (tuned == nullptr) continue;
    text += "| `" + method.method + "` | " + steps_text(method) + " | " + steps_text(*tuned) + " | " +
            names.name(*tuned->chosen) + " |\n";
  }
  return text + "\n";
}

// As Linux names it.
std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "an unnamed processor";
}

struct Picture {
  std::string file;
  std::string caption;
};

// Pictures of a page are for screens: half the points of a report's.
std::vector<Picture> draw(const Sweep& sweep, const std::filesystem::path& folder,
                          const std::string& prefix) {
  std::vector<Picture> pictures;
  for (auto figure : soap::sweep_figures(sweep.summary, sweep.records)) {
    figure.figure.scale = 1;
    const std::string file = prefix + figure.file;
    soap::write_png(figure.figure, folder / file);
    pictures.push_back({file, figure.caption});
  }
  return pictures;
}

std::string shown(const std::vector<Picture>& pictures) {
  std::string text;
  for (const auto& picture : pictures) text += "![" + picture.caption + "](images/" + picture.file + ")\n\n";
  return text;
}

std::string page(const Sweep& one, const Sweep& best, const std::filesystem::path& images,
                 const std::string& made_by) {
  const auto diagram = soap::Diagram(weight_transport::confounder_diagram());
  soap::write_png(render(diagram), images / "confounder.png");
  const auto& single = one.problem();
  const auto& tuned = best.problem();
  const std::string target = soap::to_text(tuned.target_loss);
  const auto section = [](const soap::ProblemSummary& problem, const std::string& warnings) {
    std::string text = soap::accuracy_table(problem, baseline, choice_names(problem));
    if (!warnings.empty()) text += "What speaks against trusting this:\n\n" + warnings + "\n";
    return text;
  };
  return "# Does it help to send the signs of the weights?\n\n"
         "Feedback alignment (`fa`) sends errors down through a fixed random B in place of the transposed "
         "weights of "
         "backpropagation (`bp`). `sign` replaces B by the signs of the weights now and then, one bit a "
         "weight; "
         "`scale=norm` gives these signs the weights' size. Compared at one learning rate, `sign` looks "
         "better than "
         "`bp` itself. Is it?\n\n"
         "![The step size as a confounder of learning rule and speed](images/confounder.png)\n\n## "
         "Verdict\n\n" +
         verdict(one, best) + "## At one learning rate\n\n" +
         section(single, cautions(single, choice_names(single))) + shown(draw(one, images, "one_rate_")) +
         "## Each rule at its best learning rate\n\n" + section(tuned, cautions(tuned, choice_names(tuned))) +
         shown(draw(best, images, "best_rate_")) + "## Speed\n\nMedian steps to a training loss of " +
         target + ", runs that never got there counted as endless.\n\n" + speed_table(one, best) +
         "## What was done\n\n" + soap::what_was_done(tuned, choice_names(tuned)) + "Made by\n\n    " +
         made_by + "\n\nwith " + soap::build_info() + ", on " + processor() + ".\n";
}

int weight_transport_main(int argc, const char* const* argv) {
  cxxopts::Options options(
      "weight_transport",
      "Writes a page about weight transport from two sweeps of the same rules: one at a single "
      "learning rate, one over many.");
  auto add = options.add_options();
  add("one", "folder of the sweep at one learning rate", cxxopts::value<std::string>(), "DIR");
  add("best", "folder of the sweep over many", cxxopts::value<std::string>(), "DIR");
  add("write", "folder for weight_transport.md and images/", cxxopts::value<std::string>(), "DIR");
  add("made-by", "the command that the page names",
      cxxopts::value<std::string>()->default_value("./dev reproduce"), "TEXT");
  add("help", "print this text");
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  for (const char* flag : {"one", "best", "write"}) {
    if (given->count(flag) == 0)
      throw std::invalid_argument(std::string("--") + flag + ": found none, expected a folder");
  }
  const std::filesystem::path folder = (*given)["write"].as<std::string>();
  const std::filesystem::path images = folder / "images";
  const Sweep one = read((*given)["one"].as<std::string>());
  const Sweep best = read((*given)["best"].as<std::string>());
  soap::make_folder(images);
  soap::write_file_atomically(folder / "weight_transport.md",
                              page(one, best, images, (*given)["made-by"].as<std::string>()));
  std::cout << verdict(one, best) << "page in " << (folder / "weight_transport.md").string() << '\n';
  return command_line::done;
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("weight_transport", [&] { return weight_transport_main(argc, argv); });
}
