"""The house's own rules: lists that must agree, budgets that hold, words that stay one."""
