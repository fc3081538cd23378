// The settings of a trial, each in one row. A setting needs its member, its row, and the code that heeds it.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "soap/learn/step_registry.hpp"
#include "soap/linalg/initializer.hpp"
#include "soap/nn/activation.hpp"
#include "soap/trial/setting.hpp"
#include "soap/trial/trial_record.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// What is chosen for a method.
inline constexpr std::array chosen_roles = {SettingRole::training, SettingRole::start};
inline constexpr std::array problem_roles = {SettingRole::problem};
inline constexpr std::array evaluation_roles = {SettingRole::evaluation};
/// All that a result depends on.
inline constexpr std::array result_roles = {SettingRole::method, SettingRole::training,
                                            SettingRole::start,  SettingRole::problem,
                                            SettingRole::chance, SettingRole::evaluation};

inline constexpr std::array optimizer_parameters = {
    ParameterFlag{.name = "momentum", .parameter = "momentum", .help = "of sgd"},
    ParameterFlag{.name = "weight-decay", .parameter = "weight_decay", .help = "of any optimizer"}};

/// In the order of JSON.
inline constexpr std::array trial_settings = {
    setting<&TrialOptions::rule>(
        {.key = "rule",
         .role = SettingRole::method,
         .names = {.all = rule_names, .canonical = canonical_rule, .help = rule_help, .separators = ",/"},
         .flag = {.name = "rules",
                  .help = "rules to compare: %; parameters follow a colon, as in sign:period=640:scale=norm, "
                          "and sign:help says what they mean; bp/fa: one for each hidden layer, from below",
                  .takes = "LIST"}}),
    setting<&TrialOptions::step>(
        {.key = "step_kind",
         .role = SettingRole::method,
         .column = "step",
         .names = {.all = [] { return step_names(StepUse::with_feedback); },
                   .canonical = canonical_step,
                   .help = step_help},
         .flag = {.name = "step", .help = "training steps to compare under each rule: %", .takes = "LIST"}}),
    setting<&TrialOptions::lr>({.key = "lr",
                                .role = SettingRole::training,
                                .label = "lr",
                                .flag = {.name = "lr", .help = "learning rate", .takes = "NUMBER"}}),
    setting<&TrialOptions::seed>({.key = "seed", .role = SettingRole::chance}),
    setting<&TrialOptions::hidden>(
        {.key = "hidden",
         .role = SettingRole::problem,
         .label = "hidden",
         .least = 1,
         .flag = {.name = "hidden",
                  .help = "units of each hidden layer: 100, 240x240 for two layers, or none",
                  .takes = "LAYERS"}}),
    setting<&TrialOptions::activation>(
        {.key = "activation",
         .role = SettingRole::problem,
         .names = {.all = activation_names, .canonical = canonical_activation, .help = activation_help},
         .flag = {.name = "activation", .help = "%", .takes = "NAME"}}),
    setting<&TrialOptions::initializer>(
        {.key = "init",
         .role = SettingRole::start,
         .column = "initializer",
         .names = {.all = [] { return std::vector<std::string>(initializer_names()); },
                   .canonical =
                       [](std::string_view name) {
                         (void)initializer_by_name(name);
                         return std::string(name);
                       },
                   .help = initializer_help},
         .flag = {.name = "init", .help = "initial weights: %", .takes = "NAME"}}),
    setting<&TrialOptions::loss>(
        {.key = "loss",
         .role = SettingRole::problem,
         .column = "loss_function",
         .names = {.all = loss_names, .canonical = canonical_loss, .help = loss_help}}),
    setting<&TrialOptions::optimizer>({.key = "optimizer",
                                       .role = SettingRole::training,
                                       .names = {.all = optimizer_names,
                                                 .canonical = canonical_optimizer,
                                                 .complete = complete_optimizer,
                                                 .help = optimizer_help},
                                       .flag = {.name = "optimizer", .help = "%", .takes = "NAME"},
                                       .parameters = optimizer_parameters}),
    setting<&TrialOptions::schedule>(
        {.key = "schedule",
         .role = SettingRole::training,
         .names = {.all = schedule_names,
                   .canonical = canonical_schedule,
                   .complete = complete_schedule,
                   .help = schedule_help},
         .flag = {.name = "schedule",
                  .help = "of the learning rate: constant, multi_step:epochs=5/8:factor=0.1, cosine:final=0; "
                          "each takes warmup=STEPS",
                  .takes = "NAME"}}),
    setting<&TrialOptions::batch_size>({.key = "batch_size",
                                        .role = SettingRole::training,
                                        .label = "batch",
                                        .least = 1,
                                        .most = 1'000'000,
                                        .flag = {.name = "batch-size", .help = "examples in a minibatch"}}),
    setting<&TrialOptions::batch_sizes>(
        {.key = "batch_sizes",
         .role = SettingRole::training,
         .label = "batches",
         .shown = SettingShown::in_files,
         .names = {.all =
                       [] {
                         return std::vector<std::string>{"even", "full_but_last"};
                       }}}),
    setting<&TrialOptions::epochs>({.key = "epochs",
                                    .role = SettingRole::problem,
                                    .label = "epochs",
                                    .least = 1,
                                    .most = 1'000'000,
                                    .flag = {.name = "epochs", .help = "passes over the training set"}}),
    setting_or<&TrialOptions::init_seed, &TrialOptions::seed>(
        {.key = "init_seed", .role = SettingRole::chance, .shown = SettingShown::where_unusual}),
    setting_or<&TrialOptions::order_seed, &TrialOptions::seed>(
        {.key = "order_seed", .role = SettingRole::chance, .shown = SettingShown::where_unusual}),
    setting_or<&TrialOptions::feedback_seed, &TrialOptions::seed>(
        {.key = "feedback_seed", .role = SettingRole::chance, .shown = SettingShown::where_unusual}),
    setting<&TrialOptions::log_interval>(
        {.key = "log_interval",
         .role = SettingRole::logging,
         .least = 1,
         .flag = {.name = "log-interval",
                  .help = "steps between rows of metrics.csv, the grain of steps to loss"}}),
    setting<&TrialOptions::diagnostics_interval>(
        {.key = "diagnostics_interval",
         .role = SettingRole::logging,
         .flag = {.name = "diagnostics",
                  .help =
                      "measure angles to backpropagation and more every K steps, into diagnostics.csv and "
                      "diagnostics.png; 0: never",
                  .takes = "K"}}),
};

/// What a sweep's trial has beside them.
inline constexpr std::array evaluation_settings = {
    setting<&TrialSetting::data>({.key = "data", .role = SettingRole::problem}),
    setting<&TrialSetting::validation>(
        {.key = "validation", .role = SettingRole::evaluation, .column = "validation_images"}),
    setting<&TrialSetting::evaluations>({.key = "evaluations", .role = SettingRole::evaluation, .least = 1}),
    setting<&TrialSetting::target_loss>({.key = "target_loss", .role = SettingRole::evaluation}),
};

}  // namespace SOAP_ABI
}  // namespace soap
