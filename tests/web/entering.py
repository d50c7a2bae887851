"""How the tests of the guard come in."""

PASSWORD = "kuda-laut-sangatta"
