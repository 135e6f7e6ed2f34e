var plumbline = plumbline || {};
plumbline.schools = [["=HYPERLINK(\"x\")","900003","Primary"],["Little Wick Infants","900002","Primary"],["St Brónach's & All <Angels>","900001","Primary"],["Över Marsh Academy","900004","Primary"]];
