"""1EdTech CASE 1.1 (https://www.imsglobal.org/spec/case/v1p1): packages read, written, and made of programmes."""
