"""The science of entrustment: scales, EPAs, requirements, observations and decisions as plain values."""
