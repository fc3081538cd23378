// Writes docs/results/weight_transport.md from two sweeps for each data set: all rules at one learning rate,
// and each at its best.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "soap/base/foreign_text.hpp"
#include "soap/base/text.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/io/folder.hpp"
#include "soap/linalg/build_info.hpp"
#include "soap/plot/png.hpp"
#include "soap/report/looks.hpp"
#include "soap/report/report_words.hpp"
#include "soap/report/sweep_cautions.hpp"
#include "soap/report/sweep_figures.hpp"
#include "soap/report/sweep_report.hpp"
#include "soap/report/sweep_tables.hpp"
#include "soap/report/sweep_verdict.hpp"
#include "soap/trial/run_config.hpp"

#include "command_line.hpp"
#include "confounder_diagram.hpp"

namespace {

const std::string baseline = "bp";
// Half a point: what the rules differ by where they differ at all is about as much.
constexpr double margin = 0.005;

// A sweep of one problem.
struct Sweep {
  std::vector<soap::TrialRecord> records;
  soap::SweepSummary summary;

  [[nodiscard]] const soap::ProblemSummary& problem() const { return summary.problems.front(); }
  [[nodiscard]] soap::ChoiceNames names() const { return choice_names(problem()); }
};

// Both sweeps of a data set.
struct DataSet {
  std::string name;
  Sweep one;   // at one learning rate
  Sweep best;  // over many
};

Sweep read(const std::filesystem::path& out) {
  soap::StoredTrials trials = soap::read_trials(out);
  soap::SweepSummary summary =
      soap::summarize_sweep(trials, {.baseline = baseline, .margin = margin, .looks = soap::read_looks(out)});
  if (summary.problems.size() != 1 || !summary.problems.front().baseline) {
    throw std::invalid_argument(out.string() + ": found " + std::to_string(summary.problems.size()) +
                                " problems, expected one, with " + baseline + " among its rules");
  }
  return {std::move(trials.records), std::move(summary)};
}

// "MNIST" of "MNIST, 60000+10000 images, ...".
std::string data_of(const Sweep& sweep) {
  const std::string& data = sweep.records.front().setting.data;
  return data.substr(0, data.find(','));
}

std::vector<DataSet> read_all(const std::vector<std::string>& one, const std::vector<std::string>& best) {
  if (one.size() != best.size()) {
    throw std::invalid_argument("--best: found " + std::to_string(best.size()) + " folders, expected " +
                                std::to_string(one.size()) + ", one for each of --one");
  }
  std::vector<DataSet> sets;
  for (std::size_t i = 0; i < one.size(); ++i) {
    Sweep single = read(one[i]);
    Sweep tuned = read(best[i]);
    if (data_of(single) != data_of(tuned)) {
      throw std::invalid_argument(best[i] + ": found a sweep of " + data_of(tuned) + ", expected one of " +
                                  data_of(single) + ", as in " + one[i]);
    }
    std::string name = data_of(single);
    sets.push_back({std::move(name), std::move(single), std::move(tuned)});
  }
  return sets;
}

const soap::MethodSummary* find(const Sweep& sweep, const std::string& name) {
  for (const auto& method : sweep.problem().methods) {
    if (method.method == name) return &method;
  }
  return nullptr;
}

std::string in_words(const soap::PairedDifference& difference, const Sweep& sweep) {
  std::string text = soap::points_text(difference.mean) + " points";
  std::vector<std::string> evidence;
  if (difference.interval) evidence.push_back("95 % interval " + soap::points_text(*difference.interval));
  if (difference.p) evidence.push_back("p " + soap::p_text(*difference.p));
  if (difference.corrected) evidence.push_back("corrected " + soap::p_text(*difference.corrected));
  if (!evidence.empty()) text += " (" + soap::join(evidence, ", ") + ")";
  return text + ", " + conclusion_text(difference, sweep.problem().level, margin);
}

// What tuning did to the difference that one learning rate showed.
std::string conclusion(const soap::PairedDifference& one, const soap::PairedDifference& best,
                       const DataSet& data) {
  const double level = data.best.problem().level;
  if (!one.decided(data.one.problem().level)) return "one learning rate had decided nothing";
  const std::string change = soap::points_text(best.mean) + " in place of " + soap::points_text(one.mean);
  if (best.decided(level)) {
    if ((one.mean > 0) == (best.mean > 0)) return "it stays, " + change + " points";
    return "**it turns around**: what one learning rate showed was the step size";
  }
  switch (best.conclusion(level)) {
    case soap::Conclusion::equal:
      return "**with a learning rate of its own for each it is gone**, to within the margin";
    case soap::Conclusion::not_worse:
      return "with a learning rate of its own for each, these seeds leave no loss beyond the margin";
    default:
      return "**with a learning rate of its own for each, these seeds do not decide it** (" + change + ")";
  }
}

std::string verdict(const DataSet& data) {
  const std::string rate = data.one.names().name(*find(data.one, baseline)->chosen);
  std::string text;
  for (const auto& method : data.one.problem().methods) {
    const auto* tuned = find(data.best, method.method);
    if (!method.to_baseline || tuned == nullptr || !tuned->to_baseline) continue;
    text += "- " + soap::code(method.method) + " less " + soap::code(baseline) + ": at " + rate +
            " for both " + in_words(*method.to_baseline, data.one) + "; each at its best " +
            in_words(*tuned->to_baseline, data.best) + ": " +
            conclusion(*method.to_baseline, *tuned->to_baseline, data) + ".\n";
  }
  if (text.empty()) throw std::invalid_argument("found no rule that both sweeps compare with " + baseline);
  return text + "\n";
}

// Pictures of a page are for screens: half the points of a report's.
std::string drawn(const Sweep& sweep, const std::filesystem::path& folder, const std::string& prefix) {
  std::string text;
  for (auto figure : soap::sweep_figures(sweep.summary, sweep.records)) {
    figure.figure.scale = 1;
    const std::string file = prefix + figure.file;
    soap::write_png(figure.figure, folder / file);
    text += "![" + figure.caption + "](images/" + file + ")\n\n";
  }
  return text;
}

// "fashion-mnist".
std::string file_name(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return std::isalnum(c) != 0 ? static_cast<char>(std::tolower(c)) : '-';
  });
  return name;
}

std::string part(const Sweep& sweep, const std::string& title, const std::filesystem::path& images,
                 const std::string& prefix) {
  const soap::ProblemSummary& problem = sweep.problem();
  const soap::ChoiceNames names = sweep.names();
  std::string text = "### " + title + "\n\n" + accuracy_table(problem, sweep.summary, names);
  if (const std::string warnings = cautions(problem, names); !warnings.empty())
    text += "What speaks against trusting this:\n\n" + warnings + "\n";
  return text + cost_table(problem, names) + drawn(sweep, images, prefix);
}

std::string section(const DataSet& data, const std::filesystem::path& images) {
  const std::string prefix = file_name(data.name) + "_";
  return "## " + data.name + "\n\n" + part(data.one, "At one learning rate", images, prefix + "one_rate_") +
         part(data.best, "Each rule at its best learning rate", images, prefix + "best_rate_") +
         "### How the rates were chosen\n\n" + tuning_table(data.best.problem(), data.best.names()) +
         "### What was done\n\n" + what_was_done(data.best.problem(), data.best.summary, data.best.names());
}

std::string page(const std::vector<DataSet>& sets, const std::filesystem::path& images,
                 const std::string& made_by) {
  const auto diagram = soap::Diagram(weight_transport::confounder_diagram());
  soap::write_png(render(diagram), images / "confounder.png");
  std::string text =
      "# Does it help to send the signs of the weights?\n\n"
      "Feedback alignment (`fa`) sends errors down through a fixed random B in place of the transposed "
      "weights of "
      "backpropagation (`bp`). `sign` replaces B by the signs of the weights now and then, one bit a weight; "
      "`scale=norm` gives these signs the weights' size. Compared at one learning rate, `sign` looks better "
      "than "
      "`bp` itself. Is it?\n\n"
      "![The step size as a confounder of learning rule and speed](images/confounder.png)\n\n## Verdict\n\n";
  for (const DataSet& data : sets) text += "On " + data.name + ":\n\n" + verdict(data);
  text +=
      "Each table of comparisons with `bp` is a family of tests of its own, corrected as [explained "
      "here](../reading_a_report.md).\n\n";
  for (const DataSet& data : sets) text += section(data, images);
  return text + "## Provenance\n\nMade by\n\n    " + made_by + "\n\nwith " + soap::build_info() + ", on " +
         soap::processor_name().value_or("an unnamed processor") + ".\n";
}

int weight_transport_main(int argc, const char* const* argv) {
  cxxopts::Options options("weight_transport",
                           "Writes a page about weight transport from two sweeps of the same rules for each "
                           "data set: one at a single "
                           "learning rate, one over many.");
  auto add = options.add_options();
  add("one", "folders of the sweeps at one learning rate, a data set each", cxxopts::value<std::string>(),
      "DIR,...");
  add("best", "folders of the sweeps over many, in the same order", cxxopts::value<std::string>(), "DIR,...");
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
  const auto folders = [&](const char* flag) { return soap::split((*given)[flag].as<std::string>(), ','); };
  const std::filesystem::path folder = (*given)["write"].as<std::string>();
  const std::filesystem::path images = folder / "images";
  const std::vector<DataSet> sets = read_all(folders("one"), folders("best"));
  soap::make_folder(images);
  soap::write_file_atomically(folder / "weight_transport.md",
                              page(sets, images, (*given)["made-by"].as<std::string>()));
  for (const DataSet& data : sets) std::cout << "On " << data.name << ":\n\n" << verdict(data);
  std::cout << "page in " << soap::printable((folder / "weight_transport.md").string()) << '\n';
  return command_line::done;
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("weight_transport", [&] { return weight_transport_main(argc, argv); });
}
