#include "soap/experiment/run_config.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

TEST_CASE("the configuration is JSON with every setting of every trial") {
  soap::RunConfig config{.program = "program",
                         .command = {"program", "--out", "caf\xe9"},
                         .data = "some data",
                         .trials = {{.rule = "fa", .seed = 18446744073709551615U}, {.rule = "bp", .lr = 0.1}},
                         .threads = 3,
                         .target_loss = 0.25};
  const auto json = nlohmann::json::parse(soap::config_json(config));
  CHECK(json.at("program") == "program");
  // JSON is UTF-8: the byte that is none becomes the replacement character.
  CHECK(json.at("command").at(2) == "caf\xef\xbf\xbd");
  CHECK(json.at("data") == "some data");
  CHECK(json.at("threads") == 3);
  CHECK(json.at("target_loss") == 0.25);
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
                                                  {"epochs", 2},
                                                  {"log_interval", 1},
                                                  {"diagnostics_interval", 0}});
}
