// Redraws the pictures of a run directory from its metrics.csv or its diagnostics.csv.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "soap/base/foreign_text.hpp"
#include "soap/base/ordinary_file.hpp"
#include "soap/plot/curves.hpp"
#include "soap/plot/diagnostics_figure.hpp"
#include "soap/plot/png.hpp"

#include "command_line.hpp"

namespace {

// What a file is, by its header.
bool holds_diagnostics(const std::filesystem::path& file) {
  constexpr std::size_t longest = 65536;
  std::string start(longest, '\0');
  start.resize(soap::OrdinaryFile(file, "a CSV file").read(start));
  return start.substr(0, start.find('\n')).find("feedback_angle") != std::string::npos;
}

soap::Figure diagnostics_figure(const std::filesystem::path& file, const std::string& title) {
  soap::DiagnosticsFigureOptions options{.title = title};
  const std::filesystem::path metrics = file.parent_path() / "metrics.csv";
  const auto runs = soap::read_diagnostics(file);
  if (soap::kind_of(metrics, "a metrics.csv") != soap::FileKind::none) {
    options.accuracies = soap::read_accuracies(metrics);
    const bool any_of_these = std::any_of(runs.begin(), runs.end(), [&](const auto& run) {
      return std::any_of(options.accuracies.begin(), options.accuracies.end(),
                         [&](const auto& accuracy) { return accuracy.run == run.run; });
    });
    if (!any_of_these) {
      std::cerr << "plot: " << soap::printable(metrics.string()) << " has no accuracies of the runs in "
                << soap::printable(file.string())
                << ", so there is no chart of accuracy over transported bits\n";
    }
  }
  return soap::diagnostics_figure(runs, options);
}

// Before any file is read.
void check_picture(const std::string& flag, const std::filesystem::path& file) {
  try {
    soap::check_png_path(file);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(flag + ": " + error.what());
  }
}

int plot(int argc, const char* const* argv) {
  cxxopts::Options options(
      "plot",
      "Draws the training curves in a metrics.csv, loss over steps, one line a rule; or a diagnostics.csv, a "
      "chart for each of its figures, with accuracy over transported bits from the metrics.csv beside it.");
  const soap::CurvesOptions defaults;
  const auto text = [](const std::string& value) {
    return cxxopts::value<std::string>()->default_value(value);
  };
  auto add = options.add_options();
  add("out", "PNG picture to write (default: curves.png or diagnostics.png)", cxxopts::value<std::string>(),
      "FILE");
  add("target-loss", "loss whose crossing is marked", text(soap::to_text(defaults.target_loss)), "NUMBER");
  add("window", "steps of the moving mean that smooths the lines",
      text(std::to_string(defaults.smoothing_window)), "STEPS");
  add("title", "title over the curves, or under the charts of a diagnostics.csv",
      cxxopts::value<std::string>(), "TEXT");
  add("help", "print this text");
  options.add_options(command_line::positional)("metrics", "", cxxopts::value<std::string>());
  options.parse_positional("metrics");
  options.positional_help("FILE.csv").custom_help("[--out FILE] [FLAGS]");

  const auto flags = command_line::parse(options, argc, argv);
  if (!flags) return command_line::done;
  if (flags->count("metrics") == 0) {
    throw std::invalid_argument(
        "found no file to read, expected a metrics.csv or diagnostics.csv (see --help)");
  }
  if (flags->count("out") > 0) check_picture("--out", (*flags)["out"].as<std::string>());
  const std::filesystem::path metrics = (*flags)["metrics"].as<std::string>();
  const bool diagnostics = holds_diagnostics(metrics);
  for (const char* flag : {"target-loss", "window"}) {
    if (diagnostics && flags->count(flag) > 0)
      throw std::invalid_argument("--" + std::string(flag) +
                                  ": found it with a diagnostics.csv, expected it with "
                                  "a metrics.csv only");
  }
  const auto given = [&](const char* flag, const std::string& otherwise) {
    return flags->count(flag) > 0 ? (*flags)[flag].as<std::string>() : otherwise;
  };
  const std::filesystem::path out = given("out", diagnostics ? "diagnostics.png" : "curves.png");
  std::error_code not_there;
  if (std::filesystem::equivalent(metrics, out, not_there)) {
    throw std::invalid_argument("--out: found the file to read, expected another one");
  }
  const soap::CurvesOptions curves{.title = given("title", defaults.title),
                                   .target_loss = command_line::positive_number(*flags, "target-loss"),
                                   .smoothing_window = command_line::integer(*flags, "window", 1)};
  soap::write_png(diagnostics ? diagnostics_figure(metrics, given("title", ""))
                              : soap::curves_figure(soap::read_curves(metrics), curves),
                  out);
  std::cout << "wrote " << soap::printable(out.string()) << '\n';
  return command_line::done;
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("plot", [&] { return plot(argc, argv); });
}
