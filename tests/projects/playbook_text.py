"""A playbook small enough to read, with one row in every part."""

SMALL = """
name: {en: Small, zh-hans: 小型}
summary: {en: A small roll-out, zh-hans: 一次小型实施}
go_live_day: 100
shortest_days: 20
phases:
  - code: prepare
    name: {en: Prepare, zh-hans: 准备}
    purpose: {en: Agree, zh-hans: 达成一致}
    starts: start
    ends: start+40
    inputs: [{en: Contract, zh-hans: 合同}]
    outputs: [{en: Charter, zh-hans: 项目章程}]
    checks: [{en: Charter signed, zh-hans: 章程已签署}]
    risk_prompts: [{en: No sponsor, zh-hans: 没有发起人}]
  - code: run
    name: {en: Run, zh-hans: 运行}
    purpose: {en: Go live, zh-hans: 上线}
    starts: start+40
    ends: go_live+10
    inputs: [{en: Charter, zh-hans: 项目章程}]
    outputs: [{en: System, zh-hans: 系统}]
    checks: [{en: Live, zh-hans: 已上线}]
    risk_prompts: [{en: Late data, zh-hans: 数据延迟}]
objectives:
  - code: faster
    title: {en: Close faster, zh-hans: 加快结账}
    measure: {en: Days to close, zh-hans: 结账天数}
    baseline: {en: 10 days, zh-hans: 10 天}
    target: {en: 5 days, zh-hans: 5 天}
    due: go_live+90
requirements:
  - code: close
    process: {en: Record to report, zh-hans: 总账到报表}
    title: {en: Month-end close, zh-hans: 月结}
    text: {en: The month is closed in the system., zh-hans: 在系统内完成月结。}
    acceptance: {en: A month closes., zh-hans: 可完成一次月结。}
    priority: must
    phase: run
    objectives: [faster]
tasks:
  - code: kick-off
    phase: prepare
    title: {en: Kick-off, zh-hans: 启动会}
    at: start+5
    days: 0
    owner: project_manager
    shared: true
  - code: build
    phase: run
    title: {en: Build, zh-hans: 配置}
    at: start+50
    days: 10
    owner: consultant
    requirements: [close]
  - {code: go-live, phase: run, title: {en: Go-live, zh-hans: 上线}, at: go_live, days: 0, owner: project_manager}
test_cases:
  - code: close-1
    process: {en: Record to report, zh-hans: 总账到报表}
    title: {en: Close a month, zh-hans: 完成月结}
    kind: uat
    priority: 1
    phase: run
    steps:
      - {action: {en: Post, zh-hans: 过账}, expected: {en: Posted, zh-hans: 已过账}}
    requirements: [close]
criteria:
  - code: passed
    title: {en: All cases pass, zh-hans: 用例全部通过}
    kind: functional
    measure: pass_rate
    operator: ">="
    threshold: 95
    how: {en: UAT run, zh-hans: UAT 轮次}
    phase: run
"""
