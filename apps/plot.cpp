// Redraws the training curves of a run directory from its metrics.csv.
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "soap/plot/curves.hpp"

#include "command_line.hpp"

namespace {

int plot(int argc, const char* const* argv) {
  cxxopts::Options options("plot",
                           "Draws the training curves in a metrics.csv: loss over steps, one line a rule.");
  const soap::CurvesOptions defaults;
  const auto text = [](const std::string& value) {
    return cxxopts::value<std::string>()->default_value(value);
  };
  auto add = options.add_options();
  add("out", "picture to write", text("curves.png"), "FILE");
  add("target-loss", "loss whose crossing is marked", text(soap::to_text(defaults.target_loss)), "NUMBER");
  add("window", "steps of the moving mean that smooths the lines",
      text(std::to_string(defaults.smoothing_window)), "STEPS");
  add("title", "title over the picture", text(defaults.title), "TEXT");
  add("help", "print this text");
  options.add_options(command_line::positional)("metrics", "", cxxopts::value<std::string>());
  options.parse_positional("metrics");
  options.positional_help("METRICS.csv").custom_help("[--out FILE] [FLAGS]");

  const auto flags = command_line::parse(options, argc, argv);
  if (!flags) return command_line::done;
  if (flags->count("metrics") == 0) {
    throw std::invalid_argument("found no file to read, expected METRICS.csv (see --help)");
  }
  const std::filesystem::path metrics = (*flags)["metrics"].as<std::string>();
  const std::filesystem::path out = (*flags)["out"].as<std::string>();
  std::error_code not_there;
  if (std::filesystem::equivalent(metrics, out, not_there)) {
    throw std::invalid_argument("--out: found the file to read, expected another one");
  }
  const soap::CurvesOptions curves{.title = (*flags)["title"].as<std::string>(),
                                   .target_loss = command_line::positive_number(*flags, "target-loss"),
                                   .smoothing_window = command_line::integer(*flags, "window", 1)};
  soap::write_png(soap::curves_figure(soap::read_curves(metrics), curves), out);
  std::cout << "wrote " << out.string() << '\n';
  return command_line::done;
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("plot", [&] { return plot(argc, argv); });
}
