// Fits a small network to a noisy curve under several learning rules: the smallest example to look at.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "soap/data/gaussian_curve.hpp"
#include "soap/io/atomic_file.hpp"
#include "soap/plot/curves.hpp"
#include "soap/trial/trial_settings.hpp"

#include "command_line.hpp"
#include "flag_help.hpp"
#include "setting_flags.hpp"
#include "trial_app.hpp"

namespace {

constexpr soap::Index examples = 500;
constexpr std::uint64_t data_seed = 1;
constexpr double noise_floor = soap::gaussian_curve_noise * soap::gaussian_curve_noise;
constexpr std::int64_t crossing_window = 50;  // steps of the mean that has to lie below the target
constexpr double target_loss = 2 * noise_floor;

// The settings that have flags here.
const setting_flags::Use& setting_use() {
  using enum soap::SettingRole;
  static const setting_flags::Use use{.roles = {method, problem, start, training},
                                      .without = {"step", "hidden", "momentum", "weight-decay"},
                                      .usual = {{"rules", "bp,fa"},
                                                {"init", "pytorch_linear"},
                                                {"lr", "0.1"},
                                                {"schedule", "cosine"},
                                                {"batch-size", "10"},
                                                {"epochs", "600"}}};
  return use;
}

cxxopts::Options flags() {
  const auto text = [](const std::string& value) {
    return cxxopts::value<std::string>()->default_value(value);
  };
  cxxopts::Options options(
      "gaussian_fit",
      "Fits a 1-20-1 network to 500 noisy points of 0.8*exp(-(1.4x)^2)*sin(2x) under several "
      "learning rules from the same weights and minibatches.");
  auto add = options.add_options();
  setting_flags::add(soap::trial_settings, setting_use(), options);
  add("seed", "the first seed", text("1"), "N");
  add("seeds", "how many seeds, or a list of two or more", text("5"), "N or LIST");
  add("threads", "threads in all (default: OMP_NUM_THREADS, else all cores)", cxxopts::value<std::string>(),
      "N");
  add("out", "run directory (default: runs/gaussian-DATE-TIME)", cxxopts::value<std::string>(), "DIR");
  add("overwrite", "replace the results in an existing run directory");
  add("dry-run", "print the resolved configuration and stop");
  add("help", "print this text");
  return options;
}

// The network's answers over the curve's range, taken when its run ends.
struct Fit {
  std::vector<double> x;
  std::vector<double> y;
  bool diverged = false;
};

class FitObserver final : public soap::Observer {
 public:
  explicit FitObserver(Fit& fit) : fit_(fit) {}

  void run_ended(const soap::RunEnd& event) override {
    fit_.diverged = event.outcome == soap::RunOutcome::diverged;
    if (event.outcome != soap::RunOutcome::ended) return;
    constexpr soap::Index points = 201;
    soap::Matrix x(1, points);
    for (soap::Index i = 0; i < points; ++i)
      x(0, i) = static_cast<soap::Scalar>(-2 + 0.02 * static_cast<double>(i));
    soap::Workspace workspace(event.network, points);
    event.network.forward(x, workspace, soap::Phase::evaluation);
    const auto y = workspace.output(event.network.depth() - 1);
    for (soap::Index i = 0; i < points; ++i) {
      fit_.x.push_back(x(0, i));
      fit_.y.push_back(y(0, i));
    }
  }

 private:
  Fit& fit_;
};

constexpr soap::Color point_color = soap::color(0xCCCCCC);
constexpr soap::Color truth_color = soap::color(0x222222);

// The first seed's fits over the data, the rules in the colors of their loss curves.
soap::Chart fits_chart(const soap::MatrixDataset& data, const std::vector<soap::TrialOptions>& trials,
                       const std::vector<Fit>& fits) {
  soap::Series points{
      .label = "data", .x = {}, .y = {}, .style = soap::SeriesStyle::points, .color = point_color};
  soap::Series truth{.label = "noiseless curve", .x = {}, .y = {}, .color = truth_color};
  for (soap::Index i = 0; i < data.size(); ++i) {
    const double x = data.inputs()(0, i);
    points.x.push_back(x);
    points.y.push_back(data.targets()(0, i));
    truth.x.push_back(x);
    truth.y.push_back(soap::gaussian_curve(x));
  }
  // Limits of its own: a network that went astray would flatten everything else.
  const auto [low, high] = std::minmax_element(points.y.begin(), points.y.end());
  const double room = 0.1 * (*high - *low);
  soap::Chart chart{.title = "Fits, seed " + std::to_string(trials.front().seed),
                    .x = {.label = "x"},
                    .y = {.label = "y", .low = *low - room, .high = *high + room}};
  chart.series.push_back(std::move(points));
  // The first seed's trials come first, one a rule.
  for (std::size_t i = 0; i < trials.size() && trials[i].seed == trials.front().seed; ++i) {
    const bool on_top = i == 0;  // its gaps show the fits that lie under it
    chart.series.push_back({.label = trials[i].rule + (fits[i].diverged ? ", diverged" : ""),
                            .x = fits[i].x,
                            .y = fits[i].y,
                            .style = on_top ? soap::SeriesStyle::dashes : soap::SeriesStyle::line});
  }
  chart.series.push_back(std::move(truth));
  return chart;
}

soap::Chart losses_chart(const std::filesystem::path& metrics) {
  soap::Chart chart = soap::curves_figure(soap::read_curves(metrics), {.title = "Mean squared error",
                                                                       .target_loss = target_loss,
                                                                       .smoothing_window = 100,
                                                                       .crossing_window = crossing_window})
                          .charts.at(0);
  // A run that diverges would flatten everything else; a network that always says 0 has a loss of 0.05.
  constexpr double most_shown = 1;
  const auto exceeds = [](double loss) { return loss > most_shown; };
  for (const soap::Series& series : chart.series) {
    if (std::any_of(series.y.begin(), series.y.end(), exceeds)) chart.y.high = most_shown;
  }
  chart.reference_lines.push_back({.y = noise_floor, .label = "noise alone " + soap::to_text(noise_floor)});
  return chart;
}

int gaussian_fit(int argc, const char* const* argv) {
  cxxopts::Options options = flags();
  const auto given = command_line::parse(options, argc, argv);
  if (!given) return command_line::done;
  if (flag_help::answered(*given)) return command_line::done;
  const soap::TrialOptions trial =
      setting_flags::read(soap::trial_settings, setting_use(), *given,
                          {.hidden = {20}, .loss = soap::MeanSquaredError().name(), .log_interval = 50});
  const auto methods = trial_app::methods(trial_app::rules(*given), {trial.step});
  const soap::MatrixDataset train = soap::noisy_gaussian_curve(examples, data_seed, "gaussian curve, train");
  const soap::MatrixDataset test = soap::noisy_gaussian_curve(examples, data_seed, "gaussian curve, test");
  const soap::RunConfig config{
      .program = "gaussian_fit",
      .command = {argv, argv + argc},
      .data =
          "500 evenly spaced points of 0.8*exp(-(1.4x)^2)*sin(2x) + 0.02*noise on [-2, 2]; for the test the "
          "same with other noise",
      .trials = trial_app::trials(trial, methods, trial_app::seeds(*given)),
      .threads = trial_app::threads(*given),
      .target_loss = target_loss};
  const auto& trials = config.trials;
  for (std::size_t i = 0; i < methods.size(); ++i) soap::check_trial(trials[i], 1, 1);
  if ((*given)["dry-run"].as<bool>()) {
    std::cout << soap::config_json(config);
    return command_line::done;
  }
  soap::RunDirectory directory(trial_app::place(*given, "gaussian", sweep_app::tasks_of_one_start()).folder,
                               trial_app::if_exists(*given), soap::config_json(config));
  trial_app::warn_unless_held("gaussian_fit", directory.path(), directory.is_held());
  const std::size_t width = command_line::page_width();
  std::cout << soap::wrapped(config.data, width) << '\n' << std::flush;

  std::vector<Fit> fits(trials.size());
  const auto results = trial_app::run(config, train, test, directory, [&](std::size_t i, auto& observers) {
    observers.push_back(std::make_unique<FitObserver>(fits[i]));
  });
  if (trial_app::any_rows(results)) {
    const soap::Figure figure{.charts = {fits_chart(train, trials, fits), losses_chart(directory.metrics())},
                              .width = 1200,
                              .height = 480};
    soap::write_png(figure, directory.curves());
  }
  const auto comparison = soap::compare_rules(results, target_loss, crossing_window);
  soap::write_file_atomically(directory.comparison(), soap::comparison_csv(comparison, target_loss));
  std::cout << '\n'
            << soap::comparison_table(comparison, target_loss, "test", width) << '\n'
            << soap::wrapped("losses are mean squared errors, that of the noise alone is " +
                                 soap::to_text(noise_floor) +
                                 "; mean ± standard deviation over seeds; steps: median; picture: " +
                                 directory.curves().string(),
                             width)
            << '\n'
            << std::flush;
  return trial_app::conclude("gaussian_fit", results, trials.size());
}

}  // namespace

int main(int argc, char** argv) {
  return command_line::run("gaussian_fit", [&] { return gaussian_fit(argc, argv); });
}
