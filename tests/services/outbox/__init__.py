"""Mail out, from the form to the recipient: against real Postgres, Valkey and the simulator."""
