#include "soap/trial/run_config.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/base/error.hpp"

TEST_CASE("the configuration is JSON with every setting of every trial") {
  soap::RunConfig config{.program = "program",
                         .command = {"program", "--out", "caf\xe9"},
                         .data = "some data",
                         .trials = {{.rule = "fa", .seed = 18446744073709551615U}, {.rule = "bp", .lr = 0.1}},
                         .threads = 3,
                         .target_loss = 0.25};
  const auto json = nlohmann::json::parse(soap::config_json(config));
  CHECK(json.at("program") == "program");
  // JSON is UTF-8, and a file's name need not be.
  CHECK(json.at("command").at(2) == nlohmann::json{{"text", "caf\\xe9"}, {"bytes", "636166e9"}});
  CHECK(json.at("data") == "some data");
  CHECK(json.at("threads") == 3);
  CHECK(json.at("target_loss") == 0.25);
  CHECK_FALSE(json.contains("normalization"));
  config.normalization = soap::Normalization{.mean = 0.286, .standard_deviation = 0.353};
  CHECK(nlohmann::json::parse(soap::config_json(config)).at("normalization") ==
        nlohmann::json{{"mean", 0.286}, {"standard_deviation", 0.353}});
  CHECK(json.at("versions").at("scalar") == (sizeof(soap::Scalar) == sizeof(double) ? "double" : "float"));
  REQUIRE(json.at("trials").size() == 2);
  CHECK(json.at("trials").at(0).at("seed") == 18446744073709551615U);
  CHECK(json.at("trials").at(1) == nlohmann::json{{"rule", "bp"},
                                                  {"step_kind", "backward"},
                                                  {"lr", 0.1},
                                                  {"seed", 1},
                                                  {"hidden", {256}},
                                                  {"activation", "tanh"},
                                                  {"init", "xavier_normal"},
                                                  {"loss", "softmax_cross_entropy"},
                                                  {"optimizer", "sgd"},
                                                  {"schedule", "constant"},
                                                  {"batch_size", 64},
                                                  {"batch_sizes", "even"},
                                                  {"epochs", 2},
                                                  {"log_interval", 1},
                                                  {"diagnostics_interval", 0}});
}

TEST_CASE("a configuration that was written is read again, with all that it takes to go on") {
  const soap::TrialOptions trial = {.rule = "sign:period=5",
                                    .step = "soap:lr=0.5",
                                    .hidden = {3, 4},
                                    .activation = "relu",
                                    .initializer = "kaiming_uniform",
                                    .loss = "mean_squared_error",
                                    .optimizer = "adam:beta1=0.8",
                                    .lr = 0.1 + 0.2,
                                    .schedule = "cosine",
                                    .batch_size = 7,
                                    .epochs = 9,
                                    .seed = 18446744073709551615U,
                                    .log_interval = 11,
                                    .diagnostics_interval = 13};
  const soap::RunConfig written{
      .program = "program",
      .command = {"program", "--out", "caf\xe9"},
      .data = "some data from caf\xe9",
      .trials = {trial, {.rule = "pepita"}},
      .threads = 3,
      .target_loss = 0.25,
      .data_source = "/caf\xe9",
      .validation = 100,
      .data_fingerprint = "00c0ffee00c0ffee",
      .normalization = soap::Normalization{.mean = 0.286, .standard_deviation = 0.353},
      .save_model = true,
      .checkpoint_every = 50};
  const soap::RunConfig read = soap::parse_config(soap::config_json(written), "config.json");
  const auto without_time = [](const soap::RunConfig& config) {
    auto json = nlohmann::json::parse(soap::config_json(config));
    json.erase("started");
    return json;
  };
  CHECK(without_time(read) == without_time(written));
  CHECK(read.command == written.command);
  CHECK(read.data == written.data);
  CHECK(read.data_source == written.data_source);
  REQUIRE(read.normalization.has_value());
  CHECK(read.normalization->mean == 0.286);
  CHECK(read.normalization->standard_deviation == 0.353);
  REQUIRE(read.trials.size() == 2);
  CHECK(read.trials[0].step == trial.step);
  CHECK(read.trials[0].lr == trial.lr);
  CHECK(soap::trial_text(read.trials[0]) == soap::trial_text(trial));
  CHECK(soap::trial_text(read.trials[1]) != soap::trial_text(trial));
}

TEST_CASE("what is no configuration, or of the other build, is refused") {
  const auto said = [](const std::string& text) {
    try {
      (void)soap::parse_config(text, "c");
    } catch (const soap::IoError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const soap::RunConfig config{.program = "p", .command = {}, .data = "d", .trials = {{.rule = "fa"}}};
  const std::string text = soap::config_json(config);
  REQUIRE(said(text).empty());
  for (const std::string& damaged : {std::string(), std::string("{"), text.substr(0, 100)})
    CHECK(said(damaged).ends_with(", expected the configuration of a run"));
  CHECK(said("3") == "c: found 3, expected an object");
  for (const char* key : {"trials", "data_fingerprint", "checkpoint_every", "versions"}) {
    auto json = nlohmann::json::parse(text);
    json.erase(key);
    CHECK(said(json.dump()).find(key) != std::string::npos);
  }
  const auto with = [&](const char* key, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(text);
    json[key] = value;
    return said(json.dump());
  };
  CHECK(with("threads", 1e99) == "c: found 1e+99 in 'threads', expected an integer from 1 to 2147483647");
  CHECK(with("checkpoint_every", -1).starts_with("c: found -1 in 'checkpoint_every', "));
  CHECK(with("validation", 0.5).starts_with("c: found 0.5 in 'validation', "));
  CHECK(with("target_loss", 0) == "c: found 0 in 'target_loss', expected a number above 0");
  CHECK(with("normalization", {{"mean", 0.1}, {"standard_deviation", 0}}) ==
        "c: found 0 in 'normalization.standard_deviation', expected a number above 0");
  CHECK(with("normalization", {{"standard_deviation", 1}}).find("'normalization.mean'") != std::string::npos);
  CHECK(with("save_model", 1) == "c: found 1 in 'save_model', expected true or false");
  CHECK(with("command", "x") == "c: found 'x' in 'command', expected a list of texts");
  auto other = nlohmann::json::parse(text);
  other["versions"]["scalar"] = "half";
  CHECK(said(other.dump()).starts_with("c: found a run in half, expected "));
  other = nlohmann::json::parse(text);
  other["trials"] = nlohmann::json::array();
  CHECK(said(other.dump()) == "c: found no trials, expected at least one");
}
