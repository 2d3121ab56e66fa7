class Scorer: pass
